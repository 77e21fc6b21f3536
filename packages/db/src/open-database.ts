import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AcpError } from '@mcp-acp/shared/errors';
import type { Database } from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { databaseProblem } from './database-problem.ts';
import { type ImportDriver, loadDriver } from './load-driver.ts';
import { migrations } from './migrations.ts';
import * as schema from './schema.ts';

/** An open history. What runs once a record is prepared SQL on `client`; everything else goes through `orm`. */
export interface HistoryDatabase {
  readonly file: string;
  readonly client: Database;
  readonly orm: BetterSQLite3Database<typeof schema>;
  close(): void;
}

export interface OpenOptions {
  readonly file: string;
  /** How long another program that holds the database is waited for. */
  readonly waitMs?: number;
  readonly load?: ImportDriver;
}

/** Marks the file as one of ours: "mcph". */
const applicationId = 0x6d637068;
/** A statement waits for another program on this thread no longer than this. */
const statementWaitMs = 100;
const defaultWaitMs = 5_000;
const pauseMs = 100;
const cacheKiB = 32 * 1024;
/** So large the write-ahead log becomes before it is written back. */
const logPages = 2048;
const logBytes = logPages * 4096;

/**
 * Opens the history, makes it where there is none and brings an older one up to date. Throws
 * AcpError('history_unavailable') where SQLite is not installed or another program holds the file too long,
 * AcpError('format_too_new'), and SQLite's own errors, of which {@link databaseProblem} tells what they mean.
 */
export async function openDatabase(options: OpenOptions): Promise<HistoryDatabase> {
  const { file, waitMs = defaultWaitMs } = options;
  const { Database, drizzle } = await loadDriver(options.load);
  const until = performance.now() + waitMs;
  for (;;) {
    // SQLite would make it readable for others.
    closeSync(openSync(file, 'a', 0o600));
    const client = new Database(file, { timeout: statementWaitMs });
    try {
      prepare(client, file);
      return { file, client, orm: drizzle(client, { schema }), close: () => client.close() };
    } catch (error) {
      client.close();
      if (databaseProblem(error) !== 'busy') throw error;
      if (performance.now() >= until) {
        throw new AcpError('history_unavailable', `Another program holds ${file}.`, {
          fix: 'End the program that has the database open; it is tried again by itself.',
          cause: error,
        });
      }
    }
    await sleep(pauseMs);
  }
}

const numberOf = (client: Database, pragma: string): number =>
  Number(client.pragma(pragma, { simple: true }));

function prepare(client: Database, file: string): void {
  checkOwner(client, file);
  // Of an empty file this must come first: it decides how the file is laid out.
  client.pragma('auto_vacuum = INCREMENTAL');
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = NORMAL');
  client.pragma('trusted_schema = OFF');
  client.pragma('temp_store = MEMORY');
  client.pragma(`cache_size = ${-cacheKiB}`);
  client.pragma(`wal_autocheckpoint = ${logPages}`);
  client.pragma(`journal_size_limit = ${logBytes}`);
  if (numberOf(client, 'user_version') < migrations.length) client.transaction(migrate).immediate(client);
}

/** What belongs to another program is no history, as is what is no database. */
function checkOwner(client: Database, file: string): void {
  const version = numberOf(client, 'user_version');
  const owner = numberOf(client, 'application_id');
  const empty = client.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (owner !== applicationId && !empty) {
    throw Object.assign(new Error(`${file} belongs to another program.`), { code: 'SQLITE_NOTADB' });
  }
  if (version > migrations.length) {
    throw new AcpError(
      'format_too_new',
      `${file} has format ${version}, written by a newer version; this one knows ${migrations.length}.`,
      { fix: 'Update mcp-acp, or move the file away: the history is made anew from the journals.' },
    );
  }
}

function migrate(client: Database): void {
  // Looked at again under the lock: another program may have done it meanwhile.
  for (let version = numberOf(client, 'user_version'); version < migrations.length; version++) {
    client.exec(migrations[version]?.sql ?? '');
  }
  client.pragma(`application_id = ${applicationId}`);
  client.pragma(`user_version = ${migrations.length}`);
}
