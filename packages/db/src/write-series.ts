import type { Database } from 'better-sqlite3';
import { decodeHistogram, encodeHistogram } from './histogram-blob.ts';
import {
  addCounts,
  countNames,
  latencyNames,
  minuteMs,
  type SeriesCounts,
  type SeriesPlace,
} from './series-counts.ts';

/** Over how many minutes buckets are added up, so that a long time is read as few rows. */
export const seriesWidths = [1, 60] as const;
export type SeriesScope = 'all' | 'proxy' | 'tool';

/** A row of the series, as it is read. */
export interface SeriesRow {
  readonly requests: number;
  readonly allowed: number;
  readonly denied: number;
  readonly effect_allow: number;
  readonly effect_ask: number;
  readonly effect_deny: number;
  readonly statuses: string;
  readonly call: Buffer | null;
  readonly backend: Buffer | null;
  readonly evaluation: Buffer | null;
  readonly human_wait: Buffer | null;
}

export const seriesColumns =
  'requests, allowed, denied, effect_allow, effect_ask, effect_deny, statuses, call, backend, evaluation, human_wait';

export const countsOfRow = (row: SeriesRow): SeriesCounts => ({
  counts: {
    requests: row.requests,
    allowed: row.allowed,
    denied: row.denied,
    allow: row.effect_allow,
    ask: row.effect_ask,
    deny: row.effect_deny,
  },
  statuses: new Map(Object.entries(JSON.parse(row.statuses) as Record<string, number>)),
  latency: {
    call: decodeHistogram(row.call),
    backend: decodeHistogram(row.backend),
    evaluation: decodeHistogram(row.evaluation),
    humanWait: decodeHistogram(row.human_wait),
  },
});

/** Adds what was gathered to the stored series. Part of the transaction of its caller. */
export interface SeriesWriter {
  add(gathered: readonly (SeriesPlace & SeriesCounts)[]): void;
}

type Key = readonly [scope: SeriesScope, width: number, tool: string, proxy: string, start: number];

export function createSeriesWriter(client: Database): SeriesWriter {
  const keyed = 'scope = ? AND width = ? AND tool = ? AND proxy = ? AND start = ?';
  const find = client.prepare<[...Key], SeriesRow>(`SELECT ${seriesColumns} FROM series WHERE ${keyed}`);
  const put = client.prepare(
    `INSERT OR REPLACE INTO series (scope, width, tool, proxy, start, ${seriesColumns}) VALUES (${'?, '.repeat(15)}?)`,
  );
  const remove = client.prepare<[...Key]>(`DELETE FROM series WHERE ${keyed}`);

  return {
    add: (gathered) => {
      for (const { key, counts: more } of rollUp(gathered)) {
        const row = find.get(...key);
        const sum = row === undefined ? more : addCounts(countsOfRow(row), more);
        const values = valuesOf(sum);
        if (values === undefined) remove.run(...key);
        else put.run(...key, ...values);
      }
    },
  };
}

/** The same in every scope and width, each bucket once. */
function rollUp(gathered: readonly (SeriesPlace & SeriesCounts)[]) {
  const buckets = new Map<string, { readonly key: Key; counts: SeriesCounts }>();
  for (const part of gathered) {
    const { proxy, tool } = part;
    for (const width of seriesWidths) {
      const start = Math.floor(part.start / (width * minuteMs)) * width * minuteMs;
      const keys: Key[] = [
        ['all', width, '', '', start],
        ['proxy', width, '', proxy, start],
        ['tool', width, tool, proxy, start],
      ];
      for (const key of keys) {
        const name = key.join('\n');
        const known = buckets.get(name);
        if (known === undefined) buckets.set(name, { key, counts: part });
        else known.counts = addCounts(known.counts, part);
      }
    }
  }
  return buckets.values();
}

/** In the order of {@link seriesColumns}; undefined where nothing is left. */
function valuesOf({ counts, statuses, latency }: SeriesCounts) {
  const sorted = [...statuses].filter(([, count]) => count !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const histograms = latencyNames.map((name) => encodeHistogram(latency[name]));
  if (counts.requests === 0 && sorted.length === 0 && histograms.every((bytes) => bytes === null)) {
    return undefined;
  }
  return [
    ...countNames.map((name) => counts[name]),
    JSON.stringify(Object.fromEntries(sorted)),
    ...histograms,
  ];
}
