import { startManager } from '@mcp-acp/admin/manager-start';
import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { openSocketClient } from '@mcp-acp/api/client/socket-client';
import { joinMessageSchema } from '@mcp-acp/api/ports/registry';
import { protocolVersions } from '@mcp-acp/api/protocol-version';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { checkSocket } from '@mcp-acp/config/run-dir';
import { watchFile } from '@mcp-acp/config/watch-file';
import { AcpError } from '@mcp-acp/shared/errors';
import { pause } from '../pause.ts';
import { lastFiguresTaken } from './last-figures.ts';
import type { LiveGuard } from './live-guard.ts';
import type { LiveState } from './live-state.ts';
import type { PersonSeen } from './person-seen.ts';

export interface ManagerLinkOptions {
  readonly paths: HomePaths;
  readonly env: NodeJS.ProcessEnv;
  /** Path of the program's own executable. */
  readonly program: string;
  /** Whether a manager may be started where there is none. */
  readonly mayStart: boolean;
  /** Where this instance serves its live state. */
  readonly socket: string;
  readonly live: LiveState;
  readonly person: PersonSeen;
  /** The instance ends: it stays until the manager has its last figures, at most `leaveMs`. */
  readonly signal: AbortSignal;
  readonly leaveMs: number;
  /** A manager was joined. */
  readonly joined: () => void;
  /** The manager that was joined is gone, and stays away. */
  readonly lost: () => void;
  /** What keeps this instance from joining, said once for each reason in a row. */
  readonly problem: (error: AcpError) => void;
  readonly guard: LiveGuard;
}

/** Between two attempts to join, the first and the longest; and after one that another attempt will not mend. Milliseconds. */
const firstRetryMs = 250;
const longestRetryMs = 5_000;
const hopelessRetryMs = 60_000;
/** A manager that is started anew within this time was not lost. Milliseconds. */
const lossMs = 3_000;
/** One that was joined for less than that may be taking and losing this instance again and again. Milliseconds. */
const steadyMs = 10_000;

/**
 * Keeps this instance joined to the manager for as long as it lives: joins, and joins again whenever the connection is
 * gone, by itself and for ever. A manager is started once, where there is none at the beginning; one that goes later was
 * ended by somebody, so that only the person is told. Settles with the signal.
 */
export async function stayJoined(options: ManagerLinkOptions): Promise<void> {
  const { paths, signal } = options;
  let wake = (): void => undefined;
  const watch = watchFile(paths.managerSocket, () => wake());
  const watched = (ms: number): Promise<void> => {
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    wake = stop;
    signal.addEventListener('abort', stop);
    return pause(ms, waiting.signal).finally(() => signal.removeEventListener('abort', stop));
  };
  const loss = createLoss(options);
  const said = createSaid(options);
  let mayStart = options.mayStart;
  let retryMs = firstRetryMs;
  try {
    while (!signal.aborted) {
      let joinedMs = Number.POSITIVE_INFINITY;
      const end = await joinOnce(options, () => {
        mayStart = false;
        joinedMs = performance.now();
        loss.over();
        options.joined();
      });
      if (signal.aborted) return;
      if (performance.now() - joinedMs >= steadyMs) {
        retryMs = firstRetryMs;
        said.clear();
      }
      if (end.wasJoined) loss.began();
      const isAbsent = end.error.code === 'manager_not_running';
      if (isAbsent && mayStart) {
        mayStart = false;
        await startManager(paths, { env: options.env, bin: options.program }).catch((error: unknown) =>
          said.say(acpErrorOf(error)),
        );
        continue;
      }
      if (!isAbsent) said.say(end.error);
      options.person.looked();
      const isHopeless = end.error.code === 'protocol_incompatible' || end.error.code === 'config_invalid';
      await watched(isHopeless ? hopelessRetryMs : retryMs * (0.5 + Math.random() / 2));
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }
  } finally {
    watch.close();
    loss.over();
  }
}

interface JoinEnd {
  readonly wasJoined: boolean;
  readonly error: AcpError;
}

/** Joins and stays until that is over. Rejects never. */
async function joinOnce(options: ManagerLinkOptions, joined: () => void): Promise<JoinEnd> {
  try {
    if (checkSocket(options.paths.managerSocket) === 'absent') return ended(false, absent());
    return await join(options, joined);
  } catch (error) {
    return ended(false, acpErrorOf(error));
  }
}

function join(options: ManagerLinkOptions, joined: () => void): Promise<JoinEnd> {
  const { paths, socket, live, person, signal, leaveMs, guard } = options;
  return new Promise((resolve) => {
    const client = openSocketClient<AppRouter>({ path: paths.managerSocket });
    let wasJoined = false;
    let isOver = false;
    const over = (error: AcpError): void => {
      // What is closed below may have its say too.
      if (isOver) return;
      isOver = true;
      person.watching(0, 0);
      signal.removeEventListener('abort', leave);
      guard.run(client.close);
      resolve(ended(wasJoined, error));
    };
    /** Whatever listens there may say anything. */
    const take = (said: unknown): void => {
      const { success, data: message } = joinMessageSchema.safeParse(said);
      if (!success) return over(new AcpError('bad_frame', 'What the manager says is not of the API.'));
      if (message.type === 'watching') person.watching(message.dashboards, message.terminals);
      if (message.type !== 'welcome' || wasJoined) return;
      wasJoined = true;
      joined();
    };
    /** An exception ends this attempt, and does not go back to the connection that has called. */
    const orOver = (task: () => void): void => {
      try {
        task();
      } catch (error) {
        over(acpErrorOf(error));
      }
    };
    const leave = (): void => {
      const tookAll = wasJoined
        ? lastFiguresTaken(client, live.status(), AbortSignal.timeout(leaveMs))
        : Promise.resolve();
      void tookAll.catch(() => undefined).then(() => over(absent()));
    };
    signal.addEventListener('abort', leave, { once: true });
    orOver(() => {
      client.api.registry.join.subscribe(
        {
          protocol: protocolVersions,
          socket,
          status: live.status(),
        },
        {
          onData: (message) => orOver(() => take(message)),
          onError: (error) => over(acpErrorOf(error)),
          onComplete: () => over(absent()),
        },
      );
    });
  });
}

const ended = (wasJoined: boolean, error: AcpError): JoinEnd => ({ wasJoined, error });
const absent = (): AcpError => new AcpError('manager_not_running');

/** Tells of a manager that is gone, once, and not before it had time to come back. */
function createLoss({ lost, guard }: ManagerLinkOptions): { began(): void; over(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    began: () => {
      timer ??= setTimeout(() => guard.run(lost), lossMs).unref();
    },
    over: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Says the same thing once until something else was said or done. */
function createSaid({ problem }: ManagerLinkOptions): { say(error: AcpError): void; clear(): void } {
  let last: string | undefined;
  return {
    say: (error) => {
      const text = `${error.code} ${error.message}`;
      if (text === last) return;
      last = text;
      problem(error);
    },
    clear: () => {
      last = undefined;
    },
  };
}
