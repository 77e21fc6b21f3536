import { livenessOf, type ProcessIdentity } from '@mcp-acp/audit/process-identity';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { managerLock } from './manager-find.ts';
import { lockHolder, lockProcess } from './manager-lock.ts';
import { livePidFile } from './manager-pid-file.ts';

/** Discriminated on `state`; `killed`: it had to be ended by force, having been asked twice. */
export type StoppedManager =
  | { readonly state: 'absent' }
  | { readonly state: 'ended' | 'killed'; readonly pid: number };

/** How long it may take after the first request, which lets it end in order, and after the second, which does not. */
const standardGraceMs = { first: 12_000, second: 3_000, force: 5_000 };
const pauseMs = 25;

/**
 * Ends the manager and waits until its process is gone. Proxies go on without it. Throws AcpError('manager_not_stopped')
 * where it runs as another user or where it cannot be seen.
 */
export async function stopManager(paths: HomePaths, graceMs = standardGraceMs): Promise<StoppedManager> {
  const process = await managerProcess(paths);
  if (process === undefined) return { state: 'absent' };
  if (livenessOf(process) === 'unknown') {
    throw new AcpError('manager_not_stopped', `The manager (pid ${process.pid}) runs in another container.`, {
      fix: 'Stop it there: mcp-acp manager stop',
    });
  }
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs.first],
    ['SIGTERM', graceMs.second],
    ['SIGKILL', graceMs.force],
  ] as const) {
    send(process, signal);
    if (await isGone(process, waitMs)) {
      return { state: signal === 'SIGKILL' ? 'killed' : 'ended', pid: process.pid };
    }
  }
  throw new AcpError('manager_not_stopped', `The manager (pid ${process.pid}) does not end.`);
}

async function managerProcess(paths: HomePaths): Promise<ProcessIdentity | undefined> {
  const file = livePidFile(paths);
  if (file !== undefined) return file.process;
  // One that has not listened yet, or is stuck, has no pid file.
  const place = managerLock(paths);
  try {
    const holder = await lockHolder(place);
    return holder === undefined ? undefined : lockProcess(place.base, holder.number);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function send(process: ProcessIdentity, signal: NodeJS.Signals): void {
  // Looked at again each time: an id is free for another program once its process is gone.
  if (livenessOf(process) !== 'alive') return;
  try {
    globalThis.process.kill(process.pid, signal);
  } catch (error) {
    if (systemErrorCode(error) === 'ESRCH') return;
    throw new AcpError('manager_not_stopped', `The manager (pid ${process.pid}) cannot be asked to end.`, {
      cause: error,
    });
  }
}

async function isGone(process: ProcessIdentity, waitMs: number): Promise<boolean> {
  const endsMs = performance.now() + waitMs;
  for (;;) {
    if (livenessOf(process) !== 'alive') return true;
    if (performance.now() >= endsMs) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
