/**
 * Counts of measurements in buckets whose bounds grow by a constant factor, so that any quantile is known within 4 % of
 * its value in constant memory, and two of them can be added.
 */
const growth = 1.08;
const leastMs = 0.0005;
const perLog2 = 1 / Math.log2(growth);
const offset = Math.log2(leastMs) * perLog2;
/** About a year; what lasts longer counts as that long. */
const buckets = 416;

/** Sparse: pairs of a bucket's index and its count, ascending. */
export interface HistogramCounts {
  readonly count: number;
  readonly sumMs: number;
  readonly buckets: readonly (readonly [index: number, count: number])[];
}

export interface Histogram {
  /** A duration in milliseconds; what is not a number above or equal zero is not counted. */
  add(ms: number): void;
  merge(counts: HistogramCounts): void;
  counts(): HistogramCounts;
  summary(): HistogramSummary;
}

export interface HistogramSummary {
  readonly count: number;
  readonly sumMs: number;
  readonly medianMs?: number;
  readonly p95Ms?: number;
}

/** The bucket in which a duration counts, in milliseconds. */
export const bucketOf = (ms: number): number =>
  ms <= leastMs ? 0 : Math.min(buckets - 1, 1 + Math.floor(Math.log2(ms) * perLog2 - offset));

/** The middle of a bucket, by ratio. Milliseconds. */
const middleOf = (bucket: number): number => (bucket === 0 ? leastMs : leastMs * growth ** (bucket - 0.5));

export function createHistogram(): Histogram {
  const held = new Float64Array(buckets);
  let count = 0;
  let sumMs = 0;

  const quantile = (fraction: number): number => {
    let left = Math.ceil(count * fraction);
    for (let bucket = 0; bucket < buckets; bucket++) {
      left -= held[bucket] ?? 0;
      if (left <= 0) return middleOf(bucket);
    }
    return middleOf(buckets - 1);
  };

  return {
    add: (ms) => {
      if (!(ms >= 0)) return;
      const bucket = bucketOf(ms);
      held[bucket] = (held[bucket] ?? 0) + 1;
      count++;
      sumMs += ms;
    },
    merge: (counts) => {
      for (const [bucket, more] of counts.buckets) {
        const place = Math.min(Math.max(bucket, 0), buckets - 1);
        held[place] = (held[place] ?? 0) + more;
      }
      count += counts.count;
      sumMs += counts.sumMs;
    },
    counts: () => {
      const sparse: (readonly [number, number])[] = [];
      for (let bucket = 0; bucket < buckets; bucket++) {
        const here = held[bucket] ?? 0;
        if (here > 0) sparse.push([bucket, here]);
      }
      return { count, sumMs, buckets: sparse };
    },
    summary: () =>
      count === 0 ? { count, sumMs } : { count, sumMs, medianMs: quantile(0.5), p95Ms: quantile(0.95) },
  };
}
