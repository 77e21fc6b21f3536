import type { Journal } from '@mcp-acp/audit/journal';
import type { BackendEnd } from '@mcp-acp/mcp/backend-end';
import type { EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import type { PolicySource } from '@mcp-acp/pipeline/guards/policy-guard';
import type { Clock } from '@mcp-acp/shared/clock';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import type { JournalTimes } from '@mcp-acp/shared/live/statistics';
import type { BackendEvents } from '../backend-events.ts';
import type { ConfigInForce } from '../config-in-force.ts';
import type { InstanceOptions } from '../instance-options.ts';
import type { PolicyInForce } from '../policy-in-force.ts';
import type { Reloading } from '../reloading.ts';
import { version } from '../version.ts';
import { guardedListener } from './guarded-listener.ts';
import type { ObservedJournal } from './journal-observer.ts';
import { createLiveGuard } from './live-guard.ts';
import { createLiveState } from './live-state.ts';
import type { PersonSeen } from './person-seen.ts';
import { createRecordTap } from './record-tap.ts';
import { serveWhenQuiet } from './serve-when-quiet.ts';
import { tellTrouble } from './tell-trouble.ts';
import { tracesEndpoint } from './traces-endpoint.ts';

export interface LiveParts extends InstanceOptions {
  readonly origin: EventOrigin;
  readonly clock: Clock;
  readonly subject: string;
  readonly journal: Journal;
  readonly observe: ObservedJournal['observe'];
  readonly point: EnforcementPoint;
  readonly policies: PolicySource & Pick<PolicyInForce, 'setAside'>;
  readonly configs: ConfigInForce;
  readonly reloading: Reloading;
  readonly person: PersonSeen;
  readonly server: BackendEnd;
  readonly events: BackendEvents;
  readonly journalTimes: () => JournalTimes;
  /** The instance ends. */
  readonly signal: AbortSignal;
}

/**
 * Keeps the live state of an instance from the first record on, and serves it later, once that disturbs nobody. Settles,
 * after the signal, when what was served is tidied up; never rejects.
 */
export async function startLive(parts: LiveParts): Promise<void> {
  const { origin, clock, subject, point, policies, configs, paths, env, signal } = parts;
  const { backend } = configs.current();
  const endpoint = tracesEndpoint(env, paths);
  const tap = createRecordTap();
  const guard = createLiveGuard((error) =>
    tellTrouble(parts.journal, error, 'The live state of this instance'),
  );
  const live = createLiveState({
    origin,
    clock,
    pid: process.pid,
    program: version,
    subject,
    backend,
    versions: () => ({
      policy: policies.current().version,
      aside: policies.setAside(),
      config: configs.version(),
      enabled: configs.current().enabled,
    }),
    counts: point.counts,
    person: parts.person,
    connectMs: parts.events.connectMs,
    journalTimes: parts.journalTimes,
    guard,
    ...(endpoint === undefined ? {} : { tap: tap.take }),
  });
  parts.observe(guardedListener(live, guard));
  void parts.server.exited.then((exit) => guard.run(() => live.backendEnded(exit)));

  const traces = async (endpoint: string) => {
    const { startTraces } = await import('../loaded-later/traces.ts');
    return startTraces({ endpoint, tap, origin, program: version, backend });
  };
  let isServed = false;
  await serveWhenQuiet({ point, signal }, async () => {
    isServed = true;
    const { serveLive } = await import('../loaded-later/live.ts');
    await serveLive({
      ...parts,
      live,
      guard,
      ...(endpoint === undefined ? {} : { traces: () => traces(endpoint) }),
    });
  });
  // A session that was over before that is traced all the same.
  if (!isServed && endpoint !== undefined) {
    await traces(endpoint).then(
      (started) => started.close(),
      () => undefined,
    );
  }
}
