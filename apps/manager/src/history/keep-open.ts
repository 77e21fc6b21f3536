import { statSync } from 'node:fs';
import { databaseProblem } from '@mcp-acp/db/database-problem';
import type { ImportDriver } from '@mcp-acp/db/load-driver';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { type ProjectLock, takeProjectLock } from '@mcp-acp/db/project-lock';
import { removeDatabase } from '@mcp-acp/db/replace-database';
import { AcpError } from '@mcp-acp/shared/errors';
import type { ReadMarks } from '../access/read-marks.ts';
import { answerQueries, type HistoryAnswers } from './answer-queries.ts';
import { createIncidentReport } from './incident-report.ts';
import { openOrSetAside, setBrokenAside } from './open-or-set-aside.ts';
import { createProjector, type Projector, type ProjectorOptions } from './projector.ts';
import { rebuildFile } from './rebuild-history.ts';
import { type Turn, takeTurns } from './take-turns.ts';

/** What there is while the database is open. */
export interface HistorySession {
  readonly database: HistoryDatabase;
  readonly answers: HistoryAnswers;
  readonly projector: Projector;
  /** Whether all journals have been read once. */
  caughtUp: boolean;
}

export interface SessionOptions extends ProjectorOptions {
  readonly dbFile: string;
  /** Which incidents have been seen. */
  readonly marks: ReadMarks;
  /** As Node does it. A test hands over one that fails. */
  readonly load?: ImportDriver;
  /** How often journals are looked at of which nobody said that there is anything new. Milliseconds. */
  readonly pollMs?: number;
  /** Called with each database that is opened, and with none when it is closed. */
  readonly onSession: (session: HistorySession | undefined) => void;
  /** Called when anything may be otherwise than it was. */
  readonly onTurn: () => void;
}

/** Holds the history open, projects into it, and opens it anew when it was lost. */
export interface OpenHistory {
  readonly session: HistorySession | undefined;
  /** Why there is none, or why it does not go on. */
  readonly failure: unknown;
  /** Resolves when it was tried to open it. */
  readonly tried: Promise<void>;
  wake(proxy: string): void;
  settled(): Promise<void>;
  /** To be told by whoever uses the database and gets an error. */
  failed(error: unknown): void;
  /** Nothing is read and written until `resume`, which opens the database anew where it was closed meanwhile. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

const defaultPollMs = 2_000;
const doubtMs = 120;
const busyMs = 250;
const retryMs = 2_000;
/** The start of a program does not wait longer for another one that holds the database. */
const openMs = 1_000;

export function keepHistoryOpen(options: SessionOptions): OpenHistory {
  const { dbFile, log, clock, pollMs = defaultPollMs } = options;
  let lock: ProjectLock | undefined;
  let session: HistorySession | undefined;
  let identity = '';
  let failure: unknown;
  let reported = '';
  /** What somebody else found out about the database. */
  let broken: unknown;
  let noteTried = (): void => undefined;
  const tried = new Promise<void>((resolve) => {
    noteTried = resolve;
  });

  const identityOf = (): string => {
    const stat = statSync(dbFile, { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.dev}:${stat.ino}`;
  };

  const begin = (database: HistoryDatabase): void => {
    const { paths, marks, onIncident } = options;
    const { tampered } = createIncidentReport(database, clock, onIncident);
    session = {
      database,
      answers: answerQueries({ database, paths, marks, tampered }),
      projector: createProjector(database, options),
      caughtUp: false,
    };
    identity = identityOf();
    options.onSession(session);
  };

  const end = (): void => {
    const { database } = session ?? {};
    session = undefined;
    options.onSession(undefined);
    if (database?.client.open === true) database.close();
  };

  const open = async (): Promise<void> => {
    lock ??= await takeProjectLock(dbFile, options.load);
    if (lock === undefined) {
      throw new AcpError('history_unavailable', 'Another program is writing the history.');
    }
    // What was left of one that was cut short.
    removeDatabase(rebuildFile(dbFile));
    begin(await openOrSetAside(dbFile, { clock, log, waitMs: openMs }));
    log('history_opened', { file: dbFile, records: session?.projector.records ?? 0 });
  };

  const look = async (names: readonly string[] | 'all'): Promise<Turn> => {
    if (broken !== undefined) throw broken;
    if (session !== undefined && identityOf() !== identity) {
      log('history_lost', { file: dbFile });
      end();
    }
    if (session === undefined) await open();
    noteTried();
    if (session === undefined) return { nextMs: 0, over: false };
    const { projector } = session;
    await projector.pass(names === 'all' ? undefined : names);
    if (names === 'all' && !projector.stopped) session.caughtUp = true;
    failure = undefined;
    reported = '';
    return { nextMs: projector.doubtful ? doubtMs : pollMs, over: !projector.doubtful };
  };

  const cope = (error: unknown): Turn => {
    failure = error;
    broken = undefined;
    const problem = databaseProblem(error);
    const why = error instanceof Error ? error.message : String(error);
    if (problem === 'corrupt' && session !== undefined) {
      end();
      setBrokenAside(dbFile, error, { clock, log });
      return { nextMs: 0, over: false };
    }
    if (reported !== why) log('history_unavailable', { file: dbFile, why });
    reported = why;
    return { nextMs: problem === 'busy' ? busyMs : retryMs, over: true };
  };

  const turns = takeTurns(async (names) => {
    try {
      return await look(names);
    } catch (error) {
      try {
        return cope(error);
      } catch (worse) {
        failure = worse;
        return { nextMs: retryMs, over: true };
      } finally {
        noteTried();
      }
    } finally {
      options.onTurn();
    }
  });

  return {
    get session() {
      return session?.database.client.open === true ? session : undefined;
    },
    get failure() {
      return failure;
    },
    tried,
    wake: turns.wake,
    settled: turns.settled,
    failed: (error) => {
      if (databaseProblem(error) === 'corrupt') broken = error;
    },
    pause: async () => {
      session?.projector.stop();
      await turns.pause();
    },
    resume: async () => {
      try {
        const database = session?.database;
        if (database?.client.open === true) begin(database);
        else {
          end();
          await open();
        }
      } catch (error) {
        cope(error);
      } finally {
        turns.resume();
      }
    },
    close: async () => {
      session?.projector.stop();
      await turns.close();
      if (session !== undefined) end();
      lock?.release();
    },
  };
}
