import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { ensurePrivateDir } from '@mcp-acp/config/private-dir';
import { ensureRunDir } from '@mcp-acp/config/run-dir';
import { AcpError } from '@mcp-acp/shared/errors';
import { managerEnvironment } from './manager-environment.ts';
import { findManager } from './manager-find.ts';
import { type HeldLock, type LockPlace, noteOf, takeLock } from './manager-lock.ts';
import { failureOf, lastWords, openOutput, readFailure } from './manager-output.ts';
import type { ManagerPidFile } from './manager-pid-file.ts';

export interface StartManagerOptions {
  /** Of whoever starts it; the manager gets a few variables of it. */
  readonly env: NodeJS.ProcessEnv;
  /** The program's own file: `node BIN manager start --foreground` is the manager. */
  readonly bin: string;
  readonly port?: number;
  /** Never open a browser. */
  readonly headless?: boolean;
  /** Never end for want of work. */
  readonly stay?: boolean;
  /** How long it may take until it listens. */
  readonly timeoutMs?: number;
}

export interface StartedManager {
  /** False: one was there, or somebody else started it meanwhile. */
  readonly started: boolean;
  readonly manager: ManagerPidFile;
}

/** A disk and a processor that others use as well may make it wait. */
const standardTimeoutMs = 60_000;
/** A starter in another pid namespace that has not done it by then has died. */
const unseenStarterMs = 2 * standardTimeoutMs;
const firstPauseMs = 20;
const longestPauseMs = 200;

/**
 * Makes sure that a manager runs, and finds it: of several that call this at once one starts it, after it has taken a
 * lock and looked again, and all return when it listens. The manager outlives its starter. Throws AcpError: what kept it
 * from starting, as the manager said it; 'manager_not_started' where it said nothing or does not listen in time.
 */
export async function startManager(paths: HomePaths, options: StartManagerOptions): Promise<StartedManager> {
  ensurePrivateDir(paths.home);
  ensureRunDir(paths.run);
  const starters: LockPlace = {
    base: paths.managerStartLock,
    unseenHolds: async (ageMs) => ageMs < unseenStarterMs,
  };
  const timeoutMs = options.timeoutMs ?? standardTimeoutMs;
  const pause = createPause(timeoutMs);
  let waitedFor: number | undefined;
  do {
    const found = await findManager(paths);
    if (found.state === 'running') return { started: false, manager: found.file };
    // Whoever waited for a start that failed shares its reason, rather than failing again one after the other.
    const failure = waitedFor === undefined ? undefined : readFailure(noteOf(starters.base, waitedFor));
    if (failure !== undefined) throw failure;
    // One that holds the manager's lock is about to listen, or about to be gone.
    if (found.state === 'unready') continue;
    const attempt = await takeLock(starters);
    if (attempt.kind === 'taken') {
      waitedFor = attempt.by.number;
      continue;
    }
    const started = await startWith(attempt.lock, paths, { ...options, timeoutMs });
    if (started !== undefined) return started;
  } while (await pause());
  const found = await findManager(paths);
  if (found.state === 'running') return { started: false, manager: found.file };
  throw new AcpError('manager_not_started', `No manager listens after ${timeoutMs / 1000} s.`, {
    fix:
      found.state === 'unready'
        ? `Process ${found.pid} holds its place without listening; end it: mcp-acp manager stop`
        : 'In sight: mcp-acp manager start --foreground',
  });
}

/** Starts it unless there is one by now. Undefined where another manager was quicker. */
async function startWith(
  lock: HeldLock,
  paths: HomePaths,
  options: StartManagerOptions & { readonly timeoutMs: number },
): Promise<StartedManager | undefined> {
  try {
    const found = await findManager(paths);
    if (found.state === 'running') return { started: false, manager: found.file };
    const manager = found.state === 'absent' ? await spawnManager(paths, options) : undefined;
    return manager === undefined ? undefined : { started: true, manager };
  } catch (error) {
    if (error instanceof AcpError) lock.release(failureOf(error));
    throw error;
  } finally {
    lock.release();
  }
}

async function spawnManager(
  paths: HomePaths,
  { env, bin, port, headless, stay, timeoutMs }: StartManagerOptions & { readonly timeoutMs: number },
): Promise<ManagerPidFile | undefined> {
  const args = [bin, 'manager', 'start', '--foreground', '--json'];
  if (port !== undefined) args.push('--port', String(port));
  if (headless) args.push('--headless');
  if (stay) args.push('--stay');
  const output = openOutput(paths);
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, args, {
      // A session of its own: the end of a terminal or of a client is not its end.
      detached: true,
      stdio: ['ignore', output, output],
      env: managerEnvironment(env),
      cwd: '/',
    });
  } finally {
    closeSync(output);
  }
  child.unref();
  let exit: string | undefined;
  child.once('error', (error) => {
    exit = error.message;
  });
  child.once('exit', (code, signal) => {
    exit = signal ?? `exit code ${code}`;
  });
  const pause = createPause(timeoutMs);
  while (await pause()) {
    const found = await findManager(paths);
    if (found.state === 'running') return found.file;
    if (exit === undefined) continue;
    const failure = lastWords(paths, exit);
    if (failure.code === 'manager_running') return undefined;
    throw failure;
  }
  // It would hold the place of one that works.
  child.kill('SIGTERM');
  throw new AcpError('manager_not_started', `The manager did not listen within ${timeoutMs / 1000} s.`, {
    fix: `Its output: ${paths.managerOutput}. In sight: mcp-acp manager start --foreground`,
  });
}

/** Waits a little longer each time; false when the time is over. */
function createPause(timeoutMs: number): () => Promise<boolean> {
  const endsMs = performance.now() + timeoutMs;
  let pauseMs = firstPauseMs;
  return async () => {
    if (performance.now() >= endsMs) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(pauseMs * 1.25, longestPauseMs);
    return true;
  };
}
