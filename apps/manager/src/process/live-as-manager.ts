import { dirname } from 'node:path';
import { managerLock } from '@mcp-acp/admin/manager-find';
import { takeLock } from '@mcp-acp/admin/manager-lock';
import { removePidFile, writePidFile } from '@mcp-acp/admin/manager-pid-file';
import type { ManagerProcessPort } from '@mcp-acp/api/ports/manager-process';
import { type HomePaths, homePaths } from '@mcp-acp/config/home-paths';
import { type ManagerConfig, readManagerConfig } from '@mcp-acp/config/manager-config';
import { ensurePrivateDir } from '@mcp-acp/config/private-dir';
import { ensureRunDir } from '@mcp-acp/config/run-dir';
import { AcpError, asAcpError } from '@mcp-acp/shared/errors';
import { clearStaleSocket } from './clear-stale-socket.ts';
import { watchEndSignals } from './end-signals.ts';
import { createManagerProcess, type ManagerCounts, newStartId } from './manager-process.ts';
import { openDashboardOnce } from './open-dashboard-once.ts';
import { type Announcement, announce } from './say-at-start.ts';
import { openSystemLog, type SystemLog } from './system-log.ts';
import { version } from './version.ts';
import { watchIdle } from './watch-idle.ts';

/** What one start of the manager is given. */
export interface ManagerOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Instead of the setting. */
  readonly port?: number;
  /** Never open a browser. */
  readonly headless: boolean;
  /** Never end for want of work. */
  readonly stay: boolean;
  /** Say what happened as JSON. */
  readonly json: boolean;
}

/** The process a manager is made in: what is settled before any of its parts is opened. */
export interface ManagerLife {
  readonly env: NodeJS.ProcessEnv;
  readonly paths: HomePaths;
  readonly config: ManagerConfig;
  /** Where the dashboard is to listen. */
  readonly port: number;
  readonly program: string;
  /** Names this start: ids of events may begin with it. */
  readonly startId: string;
  readonly startedAt: string;
  readonly log: SystemLog;
  process(counts: () => ManagerCounts): ManagerProcessPort;
}

/** A manager whose parts are open and listen. */
export interface OpenManager {
  counts(): ManagerCounts;
  /** Operations answered so far, whoever asked. */
  operations(): number;
  /** Makes the file that unlocks the dashboard and leads to it; its path. */
  redirectFile(): string | Promise<string>;
  /** Stops accepting, ends connections, writes what waits to be written. */
  close(reason: string): Promise<void>;
}

/** How long it may take to end in order. Milliseconds. */
const closeMs = 5_000;

/**
 * The manager's life in this process: it takes the place of the only manager, opens what `open` makes, serves until a
 * signal, a request or idleness ends it, and leaves nothing that is in anybody's way. Returns the exit code; why it could
 * not start has been said. The process is to be ended then, whatever it still holds open.
 */
export async function liveAsManager(
  options: ManagerOptions,
  open: (life: ManagerLife) => Promise<OpenManager>,
): Promise<number> {
  process.umask(0o077);
  const say = announce(options.json);
  const ended = watchEndSignals().first.then((signal) => signal as string);
  let log: SystemLog | undefined;
  try {
    const paths = homePaths(options.env);
    ensurePrivateDir(paths.home);
    const config = readManagerConfig(paths);
    const moved = config.logDir === undefined ? paths : homePaths(options.env, { logDir: config.logDir });
    ensureRunDir(moved.run);
    ensureRunDir(dirname(moved.managerSocket));
    await takePlace(moved);
    ensurePrivateDir(dirname(moved.managerSystemLog));
    log = openSystemLog(moved.managerSystemLog);
    watchCrashes(log);
    clearStaleSocket(moved.managerSocket);
    return await serve({ options, open, say, ended, paths: moved, config, log });
  } catch (error) {
    const problem = asAcpError(error);
    log?.write('error', 'start_failed', { code: problem.code, detail: problem.message });
    if (problem.code === 'internal') log?.fault(error, undefined);
    say.failed(problem);
    return problem.exitCode;
  } finally {
    log?.close();
  }
}

interface Serving {
  readonly options: ManagerOptions;
  readonly open: (life: ManagerLife) => Promise<OpenManager>;
  readonly say: Announcement;
  readonly ended: Promise<string>;
  readonly paths: HomePaths;
  readonly config: ManagerConfig;
  readonly log: SystemLog;
}

async function serve({ options, open, say, ended, paths, config, log }: Serving): Promise<number> {
  const { env, headless, stay } = options;
  const port = options.port ?? config.port;
  const idleExit = stay ? 0 : config.idleExit;
  const startId = newStartId();
  const startedAt = new Date().toISOString();
  let stop: (reason: string) => void = () => undefined;
  const stopped = new Promise<string>((resolve) => {
    stop = resolve;
  });
  const facts = { program: version, startedAt, startId, port, home: paths.home, idleExit };
  const opened = open({
    env,
    paths,
    config,
    port,
    program: version,
    startId,
    startedAt,
    log,
    process: (counts) => createManagerProcess({ facts, counts, stop }),
  });
  const manager = await Promise.race([opened, ended]);
  // What is half open ends with the process, as it would if that were killed.
  if (typeof manager === 'string') {
    log.write('info', 'stopped', { reason: manager, inOrder: false });
    return 0;
  }
  let endWatch: (() => void) | undefined;
  let reason = 'failed';
  try {
    writePidFile(paths, { port, startId, program: version, startedAt });
    log.write('info', 'started', { pid: process.pid, port, startId, program: version });
    say.ready({ pid: process.pid, port, startId });
    void openDashboardOnce({
      wanted: config.openBrowser && !headless,
      screen: { env, platform: process.platform },
      dashboards: () => manager.counts().dashboards,
      redirectFile: () => manager.redirectFile(),
      log,
    });
    endWatch = watchIdle({
      minutes: idleExit,
      activity: () => ({ ...manager.counts(), operations: manager.operations() }),
      onIdle: () => stop('idle'),
    });
    reason = await Promise.race([ended, stopped]);
  } finally {
    endWatch?.();
    log.write('info', 'stopping', { reason });
    const inOrder = await withinMs(closeMs, manager.close(reason));
    removePidFile(paths, startId);
    log.write(inOrder ? 'info' : 'warn', 'stopped', { inOrder });
  }
  return 0;
}

/** The lock is never let go of: it ends with the process, and whoever comes next sees that. */
async function takePlace(paths: HomePaths): Promise<void> {
  const attempt = await takeLock(managerLock(paths));
  if (attempt.kind === 'held') return;
  throw new AcpError('manager_running', `A manager runs already (pid ${attempt.by.pid}).`, {
    fix: 'Look at it: mcp-acp manager status. End it: mcp-acp manager stop',
  });
}

/** After a fault that nobody caught nothing can be trusted to go on. Proxies do without a manager, and start another. */
function watchCrashes(log: SystemLog): void {
  const crash = (error: unknown): void => {
    log.fault(error, undefined);
    process.stderr.write(`mcp-acp: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

/** Whether it was done in time. */
async function withinMs(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
