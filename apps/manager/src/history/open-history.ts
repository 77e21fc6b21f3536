import type { HistoryPort, HistoryState, RebuildProgress } from '@mcp-acp/api/ports/history';
import { databaseProblem } from '@mcp-acp/db/database-problem';
import { AcpError } from '@mcp-acp/shared/errors';
import type { EventLog } from '../events/event-log.ts';
import type { LogFields, LogLevel } from '../process/system-log.ts';
import type { SessionMemory } from '../read-model/read-model.ts';
import type { HistoryAnswers } from './answer-queries.ts';
import {
  createIncidentReport,
  type HistoryIncident,
  type IncidentReport,
  keepIncident,
} from './incident-report.ts';
import { type HistorySession, keepHistoryOpen, type SessionOptions } from './keep-open.ts';
import type { ProjectionParts } from './project-streams.ts';
import { rebuildBeside } from './rebuild-history.ts';
import { rememberEvents } from './remember-events.ts';
import { rememberSessions } from './remember-sessions.ts';

/** The history of all proxies, kept up with their journals for as long as it is open. */
export interface History extends HistoryPort {
  /** A proxy has written something: its journal is looked at soon. */
  wake(proxy: string): void;
  /** Resolves when all that stands in the journals now is in the history, or it turned out that it cannot be used. */
  settled(): Promise<void>;
  readonly events: EventLog & {
    /** Of this start: the first part of every event's id. */
    readonly series: string;
  };
  readonly memory: SessionMemory;
  /** A journal was found to say something else than it did. */
  tampered: IncidentReport['tampered'];
  /** Keeps an incident of the manager's own. */
  keepIncident(incident: HistoryIncident): void;
  close(): Promise<void>;
}

export interface HistoryOptions extends Omit<SessionOptions, 'log' | 'onSession' | 'onTurn'> {
  readonly log: { write(level: LogLevel, event: string, fields?: LogFields): void };
  /** Called when the state is another one than it was. */
  readonly onState?: (state: HistoryState['state']) => void;
}

/** What the system log is told by these events is worth a warning. */
const logLevels: Readonly<Record<string, LogLevel>> = {
  history_opened: 'info',
  history_rebuilt: 'info',
  history_corrupt: 'error',
  history_unavailable: 'error',
};

/**
 * Opens the history. It never fails: where the database cannot be used, questions are answered with the reason, and it is
 * tried again.
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const log: ProjectionParts['log'] = (event, fields) =>
    options.log.write(logLevels[event] ?? 'warn', event, fields);
  /** What is remembered beside the records: without a database it is not, and nothing else suffers. */
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      open.failed(error);
      return undefined;
    }
  };
  const events = rememberEvents({ clock: options.clock, attempt });
  const memory = rememberSessions({ clock: options.clock, attempt });
  const open = keepHistoryOpen({
    ...options,
    log,
    onSession: (session) => {
      events.use(session?.database);
      memory.use(session?.database);
    },
    onTurn: () => tell(),
  });
  let rebuilding = false;
  let told: HistoryState['state'] = 'catching_up';

  const state = (): HistoryState => {
    const { session, failure } = open;
    const problem = failure === undefined ? session?.projector.problem : messageOf(failure);
    const more = problem === undefined ? {} : { problem };
    if (session === undefined && !rebuilding) {
      return { state: 'unavailable', records: 0, behindBytes: 0, ...more };
    }
    return {
      state: rebuilding ? 'rebuilding' : session?.caughtUp === true ? 'current' : 'catching_up',
      records: session?.projector.records ?? 0,
      behindBytes: session?.projector.behindBytes ?? 0,
      ...more,
    };
  };

  const tell = (): void => {
    const { state: now } = state();
    if (now === told) return;
    told = now;
    options.onState?.(now);
  };

  const usable = (): HistorySession => {
    const { session, failure } = open;
    if (session !== undefined) return session;
    throw failure instanceof AcpError ? failure : unavailable(failure);
  };

  const ask = async <Result>(question: (answers: HistoryAnswers) => Result): Promise<Result> => {
    const { answers } = usable();
    try {
      return question(answers);
    } catch (error) {
      if (databaseProblem(error) === undefined) throw error;
      open.failed(error);
      throw unavailable(error);
    }
  };

  async function* rebuild(signal: AbortSignal): AsyncGenerator<RebuildProgress> {
    const { database } = usable();
    if (rebuilding) throw new AcpError('history_unavailable', 'The history is being made anew already.');
    rebuilding = true;
    tell();
    let last: RebuildProgress | undefined;
    try {
      await open.pause();
      for await (const progress of rebuildBeside(database, { ...options, log }, signal)) {
        // Told when the new one can be asked.
        if (database.client.open) yield progress;
        else last = progress;
      }
    } catch (error) {
      throw error instanceof AcpError ? error : unavailable(error);
    } finally {
      await open.resume();
      rebuilding = false;
      tell();
    }
    if (last === undefined) return;
    log('history_rebuilt', { file: options.dbFile, records: last.records });
    yield last;
  }

  await open.tried;
  return {
    records: (query) => ask((answers) => answers.records(query)),
    record: (ref) => ask((answers) => answers.record(ref)),
    incidents: (query) => ask((answers) => answers.incidents(query)),
    readIncidents: (read) => ask((answers) => answers.readIncidents(read)),
    ruleHits: (query) => ask((answers) => answers.ruleHits(query)),
    lastApproved: (query) => ask((answers) => answers.lastApproved(query)),
    series: (query) => ask((answers) => answers.series(query)),
    state,
    rebuild,
    wake: open.wake,
    settled: open.settled,
    events,
    memory,
    tampered: (stream) => {
      const { database } = open.session ?? {};
      const { clock, onIncident } = options;
      if (database !== undefined)
        attempt(() => createIncidentReport(database, clock, onIncident).tampered(stream));
    },
    keepIncident: (incident) => {
      const { database } = open.session ?? {};
      if (database !== undefined) attempt(() => keepIncident(database, options.clock, incident));
    },
    close: open.close,
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unavailable = (cause: unknown): AcpError =>
  new AcpError(
    'history_unavailable',
    cause === undefined ? undefined : `The history cannot be used: ${messageOf(cause)}.`,
    { cause },
  );
