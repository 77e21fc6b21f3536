import { connect } from 'node:net';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { checkSocket } from '@mcp-acp/config/run-dir';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import { type LockPlace, lockHolder } from './manager-lock.ts';
import { livePidFile, type ManagerPidFile } from './manager-pid-file.ts';

/**
 * The manager as seen from outside. Discriminated on `state`; `unready`: a process holds the manager's lock but nothing
 * listens, since it is starting, ending or stuck.
 */
export type FoundManager =
  | { readonly state: 'running'; readonly file: ManagerPidFile }
  | { readonly state: 'unready'; readonly pid: number }
  | { readonly state: 'absent' };

/** How long a connection may take to be accepted by this machine's kernel. Milliseconds. */
const connectMs = 5_000;
/** A manager in another pid namespace that has not begun to listen by then never will. Milliseconds. */
const unseenStartMs = 60_000;

/** Throws AcpError('config_invalid') where something in the socket's place must not be connected to. */
export async function findManager(paths: HomePaths): Promise<FoundManager> {
  if (await doesAnswer(paths.managerSocket)) {
    const file = livePidFile(paths);
    if (file !== undefined) return { state: 'running', file };
  }
  const holder = await lockHolder(managerLock(paths)).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  return holder === undefined ? { state: 'absent' } : { state: 'unready', pid: holder.pid };
}

/** The lock whose holder is the manager. */
export const managerLock = (paths: HomePaths): LockPlace => ({
  base: paths.managerLock,
  unseenHolds: async (ageMs) => ageMs < unseenStartMs || (await doesAnswer(paths.managerSocket)),
});

/** Whether somebody listens on a socket. Throws AcpError('config_invalid') where it is not one of ours. */
export async function doesAnswer(socketPath: string): Promise<boolean> {
  if (checkSocket(socketPath) === 'absent') return false;
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const done = (answers: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(() => done(false), connectMs);
    socket.once('connect', () => done(true));
    // Full of connections that wait to be accepted: a busy manager is one.
    socket.once('error', (error) => done(systemErrorCode(error) === 'EAGAIN'));
  });
}
