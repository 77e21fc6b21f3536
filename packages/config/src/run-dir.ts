import { chmodSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { ensurePrivateDir } from './private-dir.ts';

/**
 * Makes a folder for sockets and locks, or checks the one there is: a real folder, the user's own, open to nobody else.
 * One that others may only read is closed to them; one that others could write into is refused, since what lies in it
 * may be theirs. Throws AcpError('config_invalid').
 */
export function ensureRunDir(dir: string): void {
  const found = made(dir);
  const refused = (why: string, fix: string): AcpError =>
    new AcpError('config_invalid', `The folder ${dir}, which is for sockets, ${why}.`, { fix });
  if (found.isSymbolicLink() || !found.isDirectory()) {
    throw refused('is something else than a folder', `Look at what it is, then remove it: ls -ld ${dir}`);
  }
  if (isForeign(found)) {
    throw refused('belongs to another user', 'Set MCP_ACP_HOME to another folder of your own.');
  }
  if ((found.mode & 0o022) !== 0) {
    throw refused('can be written into by other users', `Look at what is in it, then run: chmod 700 ${dir}`);
  }
  if ((found.mode & 0o777) === 0o700) return;
  try {
    chmodSync(dir, 0o700);
  } catch (error) {
    throw refused(`cannot be closed to others (${systemErrorCode(error)})`, `Run: chmod 700 ${dir}`);
  }
}

function made(dir: string): Stats {
  try {
    try {
      mkdirSync(dir, { mode: 0o700 });
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      ensurePrivateDir(dirname(dir));
      mkdirSync(dir, { mode: 0o700 });
    }
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') {
      if (error instanceof AcpError) throw error;
      throw new AcpError('config_invalid', `The folder ${dir} cannot be made (${systemErrorCode(error)}).`, {
        fix: 'Check who owns the folder above it, or set MCP_ACP_HOME to another place.',
        cause: error,
      });
    }
  }
  return lstatSync(dir);
}

/**
 * Whether there is a socket at `path` that may be connected to: it and its folder are the user's own, and it is a socket
 * or a symbolic link to one. Throws AcpError('config_invalid') where something else is in its place: a program that
 * listens there could be anybody's.
 */
export function checkSocket(path: string): 'there' | 'absent' {
  const refused = (why: string): AcpError =>
    new AcpError('config_invalid', `${path} is not used: ${why}.`, {
      fix: 'Look at what it is and whose, then remove it.',
    });
  try {
    const folder = lstatSync(dirname(path));
    if (!folder.isDirectory() || isForeign(folder) || (folder.mode & 0o022) !== 0) {
      throw refused('its folder is not the user’s alone');
    }
    if (isForeign(lstatSync(path))) throw refused('it belongs to another user');
    const found = statSync(path);
    if (!found.isSocket()) throw refused('it is no socket');
    if (isForeign(found)) throw refused('it belongs to another user');
    return 'there';
  } catch (error) {
    // A link whose target is gone is what an instance that was killed leaves behind.
    if (systemErrorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
}

/** Where the system knows no owners, nothing is foreign. */
const isForeign = ({ uid }: Stats): boolean => process.getuid !== undefined && uid !== process.getuid();
