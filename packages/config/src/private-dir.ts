import { mkdirSync, statSync } from 'node:fs';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';

/**
 * Makes `dir` (and what leads to it) for the user alone, mode 0700, and checks that nobody else could put files there.
 * A folder that exists may be readable by others, since every file in it is 0600, but must be the user's own and must
 * not be writable by group or others. Throws AcpError('config_invalid').
 */
export function ensurePrivateDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AcpError('config_invalid', `The folder ${dir} cannot be made (${systemErrorCode(error)}).`, {
      fix: 'Check who owns the folder above it, or set MCP_ACP_HOME to another place.',
      cause: error,
    });
  }
  checkPrivateDir(dir);
}

/** The check alone, for a folder that exists. Throws AcpError('config_invalid'). */
export function checkPrivateDir(dir: string): void {
  const found = statSync(dir);
  if (process.getuid !== undefined && found.uid !== process.getuid()) {
    throw new AcpError('config_invalid', `The folder ${dir} belongs to another user.`, {
      fix: 'Set MCP_ACP_HOME to a folder of your own.',
    });
  }
  if ((found.mode & 0o022) !== 0) {
    throw new AcpError('config_invalid', `Other users can write into the folder ${dir}.`, {
      fix: `Run: chmod 700 ${dir}`,
    });
  }
}
