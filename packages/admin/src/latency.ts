import { readRecords } from '@mcp-acp/audit/read-records';
import type { HomePaths } from '@mcp-acp/config/home-paths';

/** Times in milliseconds. Absent members: nothing was measured. */
export interface LatencySummary {
  readonly n: number;
  readonly median?: number;
  readonly p95?: number;
  /** Standard deviation of the sample (divided by n − 1). */
  readonly sigma?: number;
}

export interface LatencyStatistics {
  /** Deciding under the policy. */
  readonly evaluation: LatencySummary;
  /** From handing a call to the backend until its answer had come. */
  readonly backend: LatencySummary;
  /** Waiting for a person. */
  readonly humanWait: LatencySummary;
  /** True where only the newest measurements were counted. */
  readonly cut: boolean;
}

/** Most measurements of one kind that are kept. */
const most = 1_000_000;

/** Statistics of what journals measured, of access requests between two times (milliseconds since the epoch). */
export async function latencyStatistics(
  paths: HomePaths,
  names: readonly string[],
  range: { readonly since?: number; readonly until?: number },
): Promise<LatencyStatistics> {
  const evaluation: number[] = [];
  const backend: number[] = [];
  const humanWait: number[] = [];
  let cut = false;
  const add = (samples: number[], value: number | undefined) => {
    if (value === undefined) return;
    if (samples.length < most) samples.push(value);
    else cut = true;
  };
  for (const name of names) {
    const outcomes = new Map<string, number>();
    for await (const record of readRecords(paths.auditDir(name), { ...range, newestFirst: true })) {
      if (record.type === 'outcome' && record.backendMs !== undefined) {
        // Read backwards, an outcome comes before its decision, which alone tells whether it was an access request.
        outcomes.set(`${record.instance}:${record.decision}`, record.backendMs);
      } else if (record.type === 'decision') {
        const key = `${record.instance}:${record.seq}`;
        const backendMs = outcomes.get(key);
        outcomes.delete(key);
        if (record.class !== 'access') continue;
        add(evaluation, record.evalMs);
        add(backend, backendMs);
        // Zero is a call nobody had to wait for.
        if (record.waitMs !== 0) add(humanWait, record.waitMs);
      }
    }
  }
  return { evaluation: summary(evaluation), backend: summary(backend), humanWait: summary(humanWait), cut };
}

/** Median and p95 by linear interpolation between the two nearest ranks. Sorts `samples`. */
export function summary(samples: number[]): LatencySummary {
  const n = samples.length;
  if (n === 0) return { n };
  samples.sort((a, b) => a - b);
  const at = (fraction: number) => {
    const place = (n - 1) * fraction;
    const below = samples[Math.floor(place)] ?? 0;
    const above = samples[Math.ceil(place)] ?? 0;
    return below + (above - below) * (place - Math.floor(place));
  };
  const mean = samples.reduce((sum, value) => sum + value, 0) / n;
  const squares = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, median: at(0.5), p95: at(0.95), ...(n > 1 ? { sigma: Math.sqrt(squares / (n - 1)) } : {}) };
}
