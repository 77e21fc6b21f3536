import { systemErrorCode } from '@mcp-acp/shared/errors';

/**
 * What an exception of SQLite's means. `corrupt`: the file is no database, or a broken one. `busy`: another program holds
 * it. `full`: its disk takes no more. `other`: everything else, such as a folder that cannot be written.
 */
export type DatabaseProblem = 'corrupt' | 'busy' | 'full' | 'other';

/** Undefined where it is none of SQLite's. */
export function databaseProblem(error: unknown): DatabaseProblem | undefined {
  const code = systemErrorCode(error);
  if (code?.startsWith('SQLITE_') !== true) return undefined;
  if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(code)) return 'corrupt';
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return 'busy';
  return code.startsWith('SQLITE_FULL') ? 'full' : 'other';
}
