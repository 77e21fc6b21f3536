import type { EventBatch } from '@mcp-acp/api/events/event-ring';
import type { EventReader } from '@mcp-acp/api/ports/instance';
import type { Backend } from '@mcp-acp/config/proxy-config';
import type { BackendExit } from '@mcp-acp/mcp/backend-end';
import type { PointCounts } from '@mcp-acp/pipeline/enforcement-point';
import type { Clock } from '@mcp-acp/shared/clock';
import { createRecordCounter, isRequest, wasAllowed } from '@mcp-acp/shared/count-records';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import type { ChangeBody, RecordBody, SessionBody } from '@mcp-acp/shared/journal-record';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { EventOrigin, LiveEvent } from '@mcp-acp/shared/live/live-event';
import type { JournalTimes } from '@mcp-acp/shared/live/statistics';
import { createBackendSeen } from './backend-seen.ts';
import { createEventFeed } from './event-feed.ts';
import type { RecordListener } from './journal-observer.ts';
import { bounded, keptEvent } from './live-event-of.ts';
import type { LiveGuard } from './live-guard.ts';
import type { PersonSeen } from './person-seen.ts';
import type { RecordTap } from './record-tap.ts';

export interface LiveOptions {
  readonly origin: EventOrigin;
  readonly clock: Clock;
  readonly pid: number;
  /** Version of the program. */
  readonly program: string;
  readonly subject: string;
  readonly backend: Backend;
  /** What is asked for when somebody wants to know. */
  readonly versions: () => {
    readonly policy: string;
    /** What became of the policy's file, where it is not in force. */
    readonly aside?: ChangeBody | undefined;
    readonly config: string;
    readonly enabled: boolean;
  };
  readonly counts: () => PointCounts;
  readonly person: PersonSeen;
  /** How long reaching the backend took last. Milliseconds. */
  readonly connectMs: () => number | undefined;
  readonly journalTimes: () => JournalTimes;
  /** Gets each record; absent where nobody needs them. */
  readonly tap?: RecordTap['take'];
  readonly guard: LiveGuard;
}

/** Live state of one instance, all of it in memory. */
export interface LiveState extends RecordListener {
  /** As the instance's port reads events. Throws AcpError('too_many_requests'). */
  read(reader: EventReader, signal: AbortSignal): AsyncIterable<EventBatch>;
  backendEnded(exit: BackendExit): void;
  status(): InstanceStatus;
  /** Tells the last figures. Settles when all who listen have been handed everything, or with the signal. */
  lastWords(signal: AbortSignal): Promise<void>;
}

/** Statistics are told no more often than this. Milliseconds. */
const statisticsMs = 1_000;
/** A journal that fails does so many times a second. Milliseconds. */
const failureMs = 10_000;

export function createLiveState(options: LiveOptions): LiveState {
  const { origin, clock } = options;
  const startedAt = new Date(clock.now()).toISOString();
  const counter = createRecordCounter();
  const { run } = options.guard;
  const feed = createEventFeed({ origin, statistics: () => statisticsEvent(), guarded: run });
  const backend = createBackendSeen(options.backend, startedAt, options.connectMs);
  let identified: SessionBody | undefined;
  let listedTools: number | undefined;
  let mayHaveListed = false;
  let definitionsChanged = false;
  let statisticsTimer: NodeJS.Timeout | undefined;
  let toldStatisticsMs = Number.NEGATIVE_INFINITY;
  let toldFailureMs = Number.NEGATIVE_INFINITY;

  const now = (): string => new Date(clock.now()).toISOString();

  const tell = (event: LiveEvent): void => {
    feed.push({ kind: 'event', event });
  };

  const statisticsEvent = (): LiveEvent => {
    const { inFlight, pending } = options.counts();
    const statistics = counter.statistics();
    const journal = options.journalTimes();
    return { type: 'statistics', time: now(), proxy: origin, statistics, journal, inFlight, pending };
  };

  const tellStatistics = (): void => {
    clearTimeout(statisticsTimer);
    statisticsTimer = undefined;
    toldStatisticsMs = clock.monotonicMs();
    if (feed.readers() > 0) feed.pushStatistics();
  };

  const statisticsChanged = (): void => {
    if (statisticsTimer !== undefined || feed.readers() === 0) return;
    const waitMs = Math.max(0, toldStatisticsMs + statisticsMs - clock.monotonicMs());
    statisticsTimer = setTimeout(() => run(tellStatistics), waitMs).unref();
  };

  const toolsListed = (): void => {
    const { tools } = options.counts();
    if (tools !== undefined && (tools !== listedTools || definitionsChanged)) {
      listedTools = tools;
      tell({ type: 'tools_changed', time: now(), proxy: origin, tools });
    }
    mayHaveListed = false;
    definitionsChanged = false;
  };

  /** True where somebody should hear of it as it is recorded. */
  const session = (body: SessionBody, timeMs: number): boolean => {
    const told = backend.recorded(body, new Date(timeMs).toISOString());
    if (told !== undefined) tell({ type: 'backend_state', time: now(), proxy: origin, ...told });
    if (body.event !== 'identified') return false;
    identified = body;
    return body.client !== undefined;
  };

  /** True where somebody should hear of it as it is recorded. */
  const take = (seq: number, timeMs: number, body: RecordBody): boolean => {
    switch (body.type) {
      case 'decision':
        counter.decided(seq, body);
        return isRequest(body) || !wasAllowed(body);
      case 'outcome':
        counter.finished(body);
        if (body.method === 'tools/list') mayHaveListed = true;
        return true;
      case 'tool':
        definitionsChanged = true;
        return false;
      case 'session':
        return session(body, timeMs);
      case 'recovered':
        return false;
      case 'approval':
      case 'policy':
      case 'config':
      case 'incident':
        return true;
    }
  };

  return {
    saw: (seq, timeMs, body) => {
      if (take(seq, timeMs, body)) feed.push(keptEvent(seq, timeMs, body));
      options.tap?.(seq, timeMs, body);
    },
    settled: () => {
      if (mayHaveListed) toolsListed();
      statisticsChanged();
    },
    failed: (error) => {
      // What the journal itself writes of it comes later, if the disk ever takes it.
      if (clock.monotonicMs() - toldFailureMs < failureMs) return;
      toldFailureMs = clock.monotonicMs();
      const detail = bounded(
        systemErrorCode(error) ?? (error instanceof Error ? error.message : String(error)),
      );
      tell({ type: 'incident', time: now(), proxy: origin, code: 'journal_unavailable', detail });
    },
    backendEnded: (exit) => {
      const told = backend.ended(exit, now());
      tell({ type: 'backend_state', time: now(), proxy: origin, ...told });
    },
    status: () => {
      const { inFlight, pending, tools } = options.counts();
      const { policy, aside, config, enabled } = options.versions();
      const { client, clientVersion, revision, era } = identified ?? {};
      return {
        proxyId: origin.id,
        name: origin.name,
        instance: origin.instance,
        pid: options.pid,
        program: options.program,
        startedAt,
        subject: bounded(options.subject),
        ...(client === undefined ? {} : { client: clientOf(client, clientVersion) }),
        ...(revision === undefined ? {} : { revision: revision.slice(0, 64) }),
        ...(era === undefined ? {} : { era }),
        backend: backend.status(),
        ...(tools === undefined ? {} : { tools }),
        policyVersion: policy,
        ...asideOf(aside),
        configVersion: config,
        disabled: !enabled,
        inFlight,
        pending,
        statistics: counter.statistics(),
        journal: options.journalTimes(),
      };
    },
    lastWords: (signal) => {
      tellStatistics();
      return feed.handOver(signal);
    },
    read: ({ lastEventId, canAnswer }, signal) => {
      const events = feed.read(lastEventId, signal);
      return canAnswer ? whileRead(events, options.person.arrived()) : events;
    },
  };
}

function asideOf(change: ChangeBody | undefined): Pick<InstanceStatus, 'policyAside'> {
  if (change === undefined || (change.event !== 'held' && change.event !== 'rejected')) return {};
  const { event, version, problem } = change;
  return { policyAside: { event, version, ...(problem === undefined ? {} : { problem: bounded(problem) }) } };
}

async function* whileRead<Item>(source: AsyncIterable<Item>, over: () => void): AsyncGenerator<Item> {
  try {
    yield* source;
  } finally {
    over();
  }
}

const clientOf = (name: string, version: string | undefined): { name: string; version?: string } => ({
  name: bounded(name),
  ...(version === undefined ? {} : { version: bounded(version) }),
});
