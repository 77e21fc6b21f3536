import { closeSync, openSync } from 'node:fs';
import { databaseProblem } from './database-problem.ts';
import { type ImportDriver, loadDriver } from './load-driver.ts';

/** Held by the one process that writes the history. It ends with the process, however that ends. */
export interface ProjectLock {
  release(): void;
}

/**
 * Takes the lock beside `file`, or returns undefined where another process has it. It is a database of its own that is
 * never written, since SQLite knows a lock on every platform and Node does not. Throws AcpError('history_unavailable')
 * where SQLite is missing, and SQLite's errors.
 */
export async function takeProjectLock(file: string, load?: ImportDriver): Promise<ProjectLock | undefined> {
  const { Database } = await loadDriver(load);
  const path = `${file}.lock`;
  closeSync(openSync(path, 'a', 0o600));
  const client = new Database(path, { timeout: 0 });
  try {
    // Nothing is ever written that would have to be taken back.
    client.pragma('journal_mode = MEMORY');
    client.exec('BEGIN EXCLUSIVE');
    return { release: () => client.close() };
  } catch (error) {
    client.close();
    if (databaseProblem(error) === 'busy') return undefined;
    throw error;
  }
}
