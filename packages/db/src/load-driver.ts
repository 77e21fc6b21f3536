import { AcpError } from '@mcp-acp/shared/errors';
import type DatabaseConstructor from 'better-sqlite3';
import type { drizzle as drizzleOn } from 'drizzle-orm/better-sqlite3';

export interface Driver {
  readonly Database: typeof DatabaseConstructor;
  readonly drizzle: typeof drizzleOn;
}

/** Imports the packages. A test hands over one that fails. */
export type ImportDriver = () => Promise<Driver>;

const importDriver: ImportDriver = async () => {
  const [{ default: Database }, { drizzle }] = await Promise.all([
    import('better-sqlite3'),
    import('drizzle-orm/better-sqlite3'),
  ]);
  // Its compiled half is looked for when the first database is opened.
  new Database(':memory:').close();
  return { Database, drizzle };
};

/**
 * Loads SQLite, which is compiled when it is installed and may be missing: it is an optional dependency. Throws
 * AcpError('history_unavailable') that says what to do.
 */
export async function loadDriver(load: ImportDriver = importDriver): Promise<Driver> {
  try {
    return await load();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new AcpError('history_unavailable', `The package better-sqlite3 cannot be loaded: ${why}.`, {
      fix: 'Install it where mcp-acp is installed: npm install better-sqlite3@12 (it needs a C++ compiler, Python 3 and make where there is no prebuilt binary), then restart the manager.',
      cause,
    });
  }
}
