export const chartRanges = {
  '1h': { title: '1 h', spanMs: 3_600_000, bucketMinutes: 1 },
  '24h': { title: '24 h', spanMs: 24 * 3_600_000, bucketMinutes: 15 },
  '7d': { title: '7 d', spanMs: 7 * 24 * 3_600_000, bucketMinutes: 60 },
  '30d': { title: '30 d', spanMs: 30 * 24 * 3_600_000, bucketMinutes: 240 },
} as const;
export type ChartRange = keyof typeof chartRanges;

export const isChartRange = (text: string): text is ChartRange => Object.hasOwn(chartRanges, text);

/** A value for each bucket; null where nothing was measured, so that a line has a gap there rather than a zero. */
export type Column = readonly (number | null)[];

export interface PreparedSeries {
  /** Beginnings of the buckets, in seconds since the epoch, evenly spaced. */
  readonly times: readonly number[];
  readonly columns: readonly Column[];
}

interface Point {
  /** Milliseconds since the epoch. */
  readonly start: number;
}

/** The beginning of the first bucket of a range that ends now, and the end of the last. Milliseconds since the epoch. */
export function boundsOf(range: ChartRange, now: number): { readonly since: number; readonly until: number } {
  const { spanMs, bucketMinutes } = chartRanges[range];
  const bucketMs = bucketMinutes * 60_000;
  const until = Math.floor(now / bucketMs) * bucketMs + bucketMs;
  return { since: until - spanMs, until };
}

/**
 * Lays sparse buckets on an even grid. Of counts a bucket that is not there is zero, of durations it is a gap, which is
 * what `whenAbsent` says of each column.
 */
export function prepareSeries<Measured extends Point>(options: {
  readonly points: readonly Measured[];
  readonly since: number;
  readonly until: number;
  readonly bucketMinutes: number;
  readonly columns: readonly {
    readonly value: (point: Measured) => number | undefined;
    readonly whenAbsent: 0 | null;
  }[];
}): PreparedSeries {
  const { points, since, until, bucketMinutes, columns } = options;
  const bucketMs = bucketMinutes * 60_000;
  const from = Math.floor(since / bucketMs) * bucketMs;
  const length = Math.max(0, Math.ceil((until - from) / bucketMs));
  const times = Array.from({ length }, (_, index) => (from + index * bucketMs) / 1000);
  const filled = columns.map(({ whenAbsent }): (number | null)[] => new Array(length).fill(whenAbsent));
  for (const point of points) {
    const index = Math.floor((point.start - from) / bucketMs);
    if (index < 0 || index >= length) continue;
    columns.forEach(({ value, whenAbsent }, column) => {
      const row = filled[column];
      if (row !== undefined) row[index] = value(point) ?? whenAbsent;
    });
  }
  return { times, columns: filled };
}
