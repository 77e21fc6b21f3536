import type { HistogramCounts } from '@mcp-acp/shared/histogram';

/**
 * A histogram as stored: whole microseconds and counts, so that adding and taking away in any order comes to the same
 * bytes. Undefined stands for an empty one.
 */
export interface StoredHistogram {
  readonly sumUs: number;
  /** Ascending pairs of a bucket's index and its count. */
  readonly buckets: readonly (readonly [index: number, count: number])[];
}

/** Layout: the sum, then for each bucket the distance from the one before it and its count, all LEB128. */
export function encodeHistogram({ sumUs, buckets }: StoredHistogram): Buffer | null {
  if (buckets.length === 0) return null;
  const bytes: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  put(sumUs);
  let before = 0;
  for (const [index, count] of buckets) {
    put(index - before);
    put(count);
    before = index;
  }
  return Buffer.from(bytes);
}

export function decodeHistogram(bytes: Uint8Array | null): StoredHistogram {
  if (bytes === null) return { sumUs: 0, buckets: [] };
  let at = 0;
  const take = (): number => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte % 128) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  const sumUs = take();
  const buckets: [number, number][] = [];
  for (let index = 0; at < bytes.length; ) {
    index += take();
    buckets.push([index, take()]);
  }
  return { sumUs, buckets };
}

/** The sum of two, either of which may hold what is to be taken away: negative counts. */
export function addHistograms(a: StoredHistogram, b: StoredHistogram): StoredHistogram {
  if (a.buckets.length === 0) return b;
  if (b.buckets.length === 0) return a;
  const buckets: (readonly [number, number])[] = [];
  let at = 0;
  for (const bucket of b.buckets) {
    const [index, count] = bucket;
    for (let first = a.buckets[at]; first !== undefined && first[0] < index; first = a.buckets[++at]) {
      buckets.push(first);
    }
    const same = a.buckets[at];
    if (same?.[0] !== index) buckets.push(bucket);
    else {
      at++;
      if (same[1] + count !== 0) buckets.push([index, same[1] + count]);
    }
  }
  for (; at < a.buckets.length; at++) buckets.push(a.buckets[at] as readonly [number, number]);
  return { sumUs: a.sumUs + b.sumUs, buckets };
}

/** As the shared histograms take it. */
export const histogramCounts = ({ sumUs, buckets }: StoredHistogram): HistogramCounts => ({
  count: buckets.reduce((sum, [, count]) => sum + count, 0),
  sumMs: sumUs / 1000,
  buckets,
});
