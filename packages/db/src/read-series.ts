import type { Database } from 'better-sqlite3';
import type { HistoryDatabase } from './open-database.ts';
import { addCounts, minuteMs, type SeriesCounts } from './series-counts.ts';
import {
  countsOfRow,
  type SeriesRow,
  type SeriesScope,
  seriesColumns,
  seriesWidths,
} from './write-series.ts';

export interface SeriesFilter {
  /** The proxy's name. */
  readonly proxy?: string;
  readonly tool?: string;
  /** Milliseconds since the epoch; buckets that begin in between are counted, `until` itself excluded. */
  readonly since: number;
  readonly until: number;
  readonly bucketMinutes: number;
}

export interface SeriesBucket extends SeriesCounts {
  /** Beginning of the bucket. */
  readonly start: number;
}

export interface SeriesReader {
  /** Buckets in which anything was counted, oldest first. */
  buckets(filter: SeriesFilter): readonly SeriesBucket[];
}

export function createSeriesReader({ client }: HistoryDatabase): SeriesReader {
  const read = client.prepare<
    [SeriesScope, number, string, string, number, number],
    SeriesRow & { start: number }
  >(
    `SELECT start, ${seriesColumns} FROM series
     WHERE scope = ? AND width = ? AND tool = ? AND proxy = ? AND start >= ? AND start < ?`,
  );
  return {
    buckets: ({ proxy, tool, since, until, bucketMinutes }) => {
      const bucketMs = bucketMinutes * minuteMs;
      const from = Math.floor(since / bucketMs) * bucketMs;
      // The widest rows of which whole buckets are made.
      const width = seriesWidths.findLast((minutes) => bucketMinutes % minutes === 0) ?? 1;
      const buckets = new Map<number, SeriesCounts>();
      const scope: SeriesScope = tool !== undefined ? 'tool' : proxy !== undefined ? 'proxy' : 'all';
      const names = proxy !== undefined || tool === undefined ? [proxy ?? ''] : proxiesOf(client, tool);
      for (const name of names) {
        for (const row of read.iterate(scope, width, tool ?? '', name, from, until)) {
          const start = Math.floor(row.start / bucketMs) * bucketMs;
          const held = buckets.get(start);
          const counts = countsOfRow(row);
          buckets.set(start, held === undefined ? counts : addCounts(held, counts));
        }
      }
      return [...buckets].map(([start, counts]) => ({ ...counts, start })).sort((a, b) => a.start - b.start);
    },
  };
}

/** Names of the proxies that have used a tool: one step through the index for each. */
function proxiesOf(client: Database, tool: string): string[] {
  const next = client
    .prepare<[string, string], string>(
      `SELECT proxy FROM series WHERE scope = 'tool' AND width = 60 AND tool = ? AND proxy > ? ORDER BY proxy LIMIT 1`,
    )
    .pluck();
  const names: string[] = [];
  for (let name = next.get(tool, ''); name !== undefined; name = next.get(tool, name)) names.push(name);
  return names;
}
