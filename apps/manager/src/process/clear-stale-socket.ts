import { lstatSync, rmSync } from 'node:fs';
import { AcpError } from '@mcp-acp/shared/errors';

/**
 * Takes away the socket a manager left behind that was killed. Only for the holder of the manager's lock, since nobody
 * else can tell that it is stale. Throws AcpError('config_invalid') where something else stands in its place.
 */
export function clearStaleSocket(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new AcpError('config_invalid', `${path} is no socket, so the manager cannot listen there.`, {
      fix: 'Look at what it is, then remove it.',
    });
  }
  rmSync(path, { force: true });
}
