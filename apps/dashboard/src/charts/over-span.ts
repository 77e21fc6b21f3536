interface Measured {
  readonly count: number;
  readonly medianMs?: number | undefined;
  readonly p95Ms?: number | undefined;
}

/** Which part of a bucket's calls took at most this long, a straight line between the places that are known. */
function shareWithin({ medianMs = 0, p95Ms = medianMs }: Measured, ms: number): number {
  if (ms < medianMs) return (0.5 * ms) / medianMs;
  if (ms < p95Ms) return 0.5 + (0.45 * (ms - medianMs)) / (p95Ms - medianMs);
  // Nothing is known of the slowest but that they were slower.
  return p95Ms === 0 || ms >= 2 * p95Ms ? 1 : 0.95 + (0.05 * (ms - p95Ms)) / p95Ms;
}

/**
 * The time within which a part of all calls of several buckets ended, each bucket as heavy as its calls. Of one bucket it is
 * exact, of several an estimate: of each only the median and the 95th percentile are known.
 */
export function withinOf(buckets: readonly Measured[], part: 0.5 | 0.95): number | undefined {
  const measured = buckets.filter(({ count, medianMs }) => count > 0 && medianMs !== undefined);
  const [first] = measured;
  if (first === undefined) return undefined;
  if (measured.length === 1) return part === 0.5 ? first.medianMs : (first.p95Ms ?? first.medianMs);
  const total = measured.reduce((sum, { count }) => sum + count, 0);
  const share = (ms: number): number =>
    measured.reduce((sum, bucket) => sum + bucket.count * shareWithin(bucket, ms), 0) / total;
  let least = 0;
  let most = 2 * Math.max(...measured.map(({ medianMs = 0, p95Ms = medianMs }) => p95Ms));
  for (let round = 0; round < 50; round++) {
    const middle = (least + most) / 2;
    if (share(middle) < part) least = middle;
    else most = middle;
  }
  return most;
}
