import type { Database } from 'better-sqlite3';
import type { HistoryDatabase } from './open-database.ts';
import { minuteMs } from './series-counts.ts';
import { seriesWidths } from './write-series.ts';

export interface RetentionLimits {
  /** What is older goes. Milliseconds since the epoch. */
  readonly oldest: number;
  /** The oldest go until the rest takes no more than this. */
  readonly bytes: number;
}

/** What one step did. */
export interface RetentionStep {
  /** Records removed. */
  readonly removed: number;
  /** Whether there is nothing to be done any more. */
  readonly done: boolean;
}

/**
 * Removes what is too old or too much, oldest first, in steps of a few milliseconds. Where streams have been read to
 * stays, so that nothing that was removed is read again.
 */
export interface Retention {
  step(limits: RetentionLimits): RetentionStep;
  /** Bytes in use, without those that are free to be used again, and without the write-ahead log. */
  usedBytes(): number;
}

const recordsAtOnce = 300;
const rowsAtOnce = 1_000;
const pagesAtOnce = 512;
/** What has become too large is made this much smaller than it may be, so that there is room for some time. */
const roomier = 0.95;
/** Free pages that are kept for what comes. */
const pagesKept = 1_024;

interface Oldest {
  readonly time: number;
  readonly stream: number;
  readonly seq: number;
  readonly shape: number;
}

export function createRetention({ client }: HistoryDatabase): Retention {
  const oldest = client.prepare<[number, number], Oldest>(
    `SELECT time, stream, seq, shape FROM records WHERE time < ? ORDER BY time, stream, seq LIMIT ?`,
  );
  const remove = client.prepare('DELETE FROM records WHERE (time, stream, seq) <= (?, ?, ?)');
  const fewerOfShape = client.prepare('UPDATE shapes SET records = records - ? WHERE id = ?');
  const fewerOfStream = client.prepare('UPDATE streams SET records = records - ? WHERE id = ?');
  const removeIncidents = client.prepare('DELETE FROM incidents WHERE time < ? LIMIT ?');
  const sweepSeries = createSeriesSweep(client);
  let emptying = false;
  const pragma = (name: string): number => Number(client.pragma(name, { simple: true }));
  const usedBytes = (): number => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');

  /** Whether the file itself is small enough, and not mostly free space. */
  const isTrim = ({ bytes }: RetentionLimits): boolean => {
    const pages = pragma('page_count');
    const free = pragma('freelist_count');
    return free === 0 || (pages * pragma('page_size') <= bytes && free <= Math.max(pagesKept, pages / 4));
  };

  const removeRecords = (before: number, most: number): number => {
    const rows = oldest.all(before, most);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    remove.run(last.time, last.stream, last.seq);
    for (const [shape, count] of countBy(rows, 'shape')) fewerOfShape.run(count, shape);
    for (const [stream, count] of countBy(rows, 'stream')) fewerOfStream.run(count, stream);
    return rows.length;
  };

  const removeOld = client.transaction((limits: RetentionLimits): RetentionStep => {
    const old = removeRecords(limits.oldest, recordsAtOnce);
    removeIncidents.run(limits.oldest, rowsAtOnce);
    const swept = sweepSeries(limits.oldest);
    if (old > 0) return { removed: old, done: false };
    const used = usedBytes();
    emptying = used > limits.bytes || (emptying && used > limits.bytes * roomier);
    if (!emptying) return { removed: 0, done: swept };
    const [first] = oldest.all(Number.MAX_SAFE_INTEGER, 1);
    const removed = removeRecords(Number.MAX_SAFE_INTEGER, recordsAtOnce);
    const [left] = oldest.all(Number.MAX_SAFE_INTEGER, 1);
    // What was counted in a time whose records have all gone goes with them.
    sweepSeries(left?.time ?? Number.MAX_SAFE_INTEGER);
    return { removed, done: first === undefined && swept };
  });

  return {
    usedBytes,
    step: (limits) => {
      const step = removeOld.immediate(limits);
      const trimmed = isTrim(limits);
      if (!trimmed) client.pragma(`incremental_vacuum(${pagesAtOnce})`);
      return { removed: step.removed, done: step.done && trimmed };
    },
  };
}

function countBy(rows: readonly Oldest[], name: 'shape' | 'stream'): Map<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row[name], (counts.get(row[name]) ?? 0) + 1);
  return counts;
}

type SeriesKey = [scope: string, width: number, tool: string, proxy: string, start: number];

/**
 * The series lie in the order of their names: they are gone through a part at a time, round and round. Says whether the
 * round that just ended, or one before it, has found nothing to remove.
 */
function createSeriesSweep(client: Database): (before: number) => boolean {
  const first: SeriesKey = ['', 0, '', '', 0];
  const part = client.prepare<[...SeriesKey, number], { [Index in keyof SeriesKey]: unknown }>(
    `SELECT scope, width, tool, proxy, start FROM series
     WHERE (scope, width, tool, proxy, start) > (?, ?, ?, ?, ?) ORDER BY scope, width, tool, proxy, start LIMIT ?`,
  );
  part.raw();
  const remove = client.prepare<SeriesKey>(
    'DELETE FROM series WHERE scope = ? AND width = ? AND tool = ? AND proxy = ? AND start = ?',
  );
  let from = first;
  let found = false;
  let sweptBefore = Number.NEGATIVE_INFINITY;
  return (before) => {
    // A whole bucket must be over: nothing within a minute of what was swept already can be.
    if (before < sweptBefore + minuteMs * Math.max(...seriesWidths)) return true;
    const rows = part.all(...from, rowsAtOnce) as unknown as SeriesKey[];
    for (const row of rows) {
      const [, width, , , start] = row;
      if (start + width * minuteMs > before) continue;
      remove.run(...row);
      found = true;
    }
    from = rows.at(-1) ?? first;
    if (rows.length === rowsAtOnce) return false;
    from = first;
    if (!found) sweptBefore = before;
    const clean = !found;
    found = false;
    return clean;
  };
}
