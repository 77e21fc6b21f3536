import { bucketOf, type HistogramCounts } from '@mcp-acp/shared/histogram';

/** Upper bounds of the buckets that are told, in milliseconds: from a policy's decision to a person's. */
const boundsMs = [
  0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
  300_000,
] as const;
const lastBuckets = boundsMs.map(bucketOf);

/** Counts up to each bound that is told. */
export interface Durations {
  readonly within: readonly number[];
  readonly count: number;
  readonly sumMs: number;
}

export const noDurations: Durations = { within: boundsMs.map(() => 0), count: 0, sumMs: 0 };

export function durationsOf({ count, sumMs, buckets }: HistogramCounts): Durations {
  const within = lastBuckets.map((bound) =>
    buckets.reduce((total, [bucket, held]) => (bucket <= bound ? total + held : total), 0),
  );
  return { within, count, sumMs };
}

export interface CountedDurations {
  /** What was counted for a proxy between two statements of one instance. `label` is the proxy's. */
  add(label: string, before: Durations, now: Durations): void;
  /** In Prometheus' text format. */
  text(): string;
}

/**
 * Durations that others have counted, as a histogram of Prometheus: its bounds are met within the 8 % that a bucket of
 * theirs is wide.
 */
export function countedDurations(name: string, help: string): CountedDurations {
  const totals = new Map<string, Durations>();

  return {
    add: (label, before, now) => {
      // Said earlier than what is known already, or nothing new.
      if (now.count <= before.count) return;
      const total = totals.get(label) ?? noDurations;
      totals.set(label, {
        within: total.within.map((held, at) => held + (now.within[at] ?? 0) - (before.within[at] ?? 0)),
        count: total.count + now.count - before.count,
        sumMs: total.sumMs + now.sumMs - before.sumMs,
      });
    },
    text: () => {
      const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
      for (const [label, { within, count, sumMs }] of totals) {
        const proxy = `proxy="${label.replace(/["\\]/g, '\\$&')}"`;
        for (const [at, boundMs] of boundsMs.entries()) {
          lines.push(`${name}_bucket{le="${boundMs / 1000}",${proxy}} ${within[at] ?? 0}`);
        }
        lines.push(`${name}_bucket{le="+Inf",${proxy}} ${count}`);
        lines.push(`${name}_sum{${proxy}} ${sumMs / 1000}`, `${name}_count{${proxy}} ${count}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}
