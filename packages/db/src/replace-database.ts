import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import type { HistoryDatabase } from './open-database.ts';
import { companions } from './set-aside.ts';

/** What no journal holds, so that it goes over into a history that is made anew. */
const kept = [
  { table: 'proxies', columns: 'id, name, first_seen, last_seen, session' },
  { table: 'events', columns: 'epoch, n, time, json' },
  { table: 'marks', columns: 'key, value' },
  {
    table: 'incidents',
    columns: 'id, time, source, proxy, proxy_name, instance, stream, seq, code, detail, count',
    where: `source <> 'journal'`,
  },
] as const;

/** Copies into `to` what no journal holds. What is there already stays. Throws SQLite's errors. */
export function carryOver(from: HistoryDatabase, to: HistoryDatabase): void {
  to.client.prepare('ATTACH DATABASE ? AS old').run(from.file);
  try {
    to.client
      .transaction(() => {
        for (const { table, columns, ...more } of kept) {
          const where = 'where' in more ? `WHERE ${more.where}` : '';
          to.client.exec(
            `INSERT OR IGNORE INTO main.${table} (${columns}) SELECT ${columns} FROM old.${table} ${where}`,
          );
        }
      })
      .immediate();
  } finally {
    to.client.exec('DETACH DATABASE old');
  }
}

/**
 * Closes two databases and puts the first in the place of the second, in one step that is done or not, whenever the
 * process dies. Throws AcpError('history_unavailable') while another program has the second one open; both are closed then
 * too, and the second one is as it was.
 */
export function replaceDatabase(fresh: HistoryDatabase, old: HistoryDatabase): void {
  try {
    // Without a write-ahead log beside it, which would be taken for that of the new file.
    leaveLog(fresh);
    leaveLog(old);
  } finally {
    fresh.close();
    old.close();
  }
  renameSync(fresh.file, old.file);
  const folder = openSync(dirname(old.file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Everything into the one file. */
function leaveLog({ client, file }: HistoryDatabase): void {
  try {
    client.pragma('wal_checkpoint(TRUNCATE)');
    if (client.pragma('journal_mode = DELETE', { simple: true }) === 'delete') return;
  } catch (cause) {
    throw inUse(file, cause);
  }
  throw inUse(file);
}

const inUse = (file: string, cause?: unknown): AcpError =>
  new AcpError('history_unavailable', `Another program has ${file} open, so it cannot be replaced.`, {
    cause,
  });

/** Removes a database that is not used, with all that belongs to it. */
export function removeDatabase(file: string): void {
  for (const ending of ['', ...companions]) rmSync(file + ending, { force: true });
}
