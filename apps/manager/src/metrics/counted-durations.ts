import { bucketOf, type HistogramCounts } from '@mcp-acp/shared/histogram';

/** Upper bounds of the buckets that are told, in milliseconds: from a policy's decision to a person's. */
const boundsMs = [
  0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
  300_000,
] as const;
const lastBuckets = boundsMs.map(bucketOf);

const mostInstances = 2_000;

interface Sums {
  readonly within: number[];
  count: number;
  sumMs: number;
}

const nothing = (): Sums => ({ within: boundsMs.map(() => 0), count: 0, sumMs: 0 });

export interface CountedDurations {
  /** What an instance counted since it began; the difference from what it said before is added to its proxy's. */
  add(label: string, instance: string, counts: HistogramCounts): void;
  /** In Prometheus' text format. */
  text(): string;
}

/**
 * Durations that others have counted, as a histogram of Prometheus: its bounds are met within the 8 % that a bucket of
 * theirs is wide. Counts of an instance only grow.
 */
export function countedDurations(name: string, help: string): CountedDurations {
  const totals = new Map<string, Sums>();
  const last = new Map<string, Sums>();

  return {
    add: (label, instance, counts) => {
      if (counts.count === 0) return;
      const now = sumsOf(counts);
      const since = last.get(instance) ?? nothing();
      // It was said earlier than what is known already.
      if (since.count > now.count) return;
      // One that was away comes back with what it had: it is known for as long as there is room.
      last.delete(instance);
      last.set(instance, now);
      if (last.size > mostInstances) last.delete(last.keys().next().value ?? '');
      let total = totals.get(label);
      if (total === undefined) {
        total = nothing();
        totals.set(label, total);
      }
      for (let at = 0; at < boundsMs.length; at++) {
        total.within[at] = (total.within[at] ?? 0) + (now.within[at] ?? 0) - (since.within[at] ?? 0);
      }
      total.count += now.count - since.count;
      total.sumMs += now.sumMs - since.sumMs;
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

/** Counts up to each bound. */
function sumsOf({ count, sumMs, buckets }: HistogramCounts): Sums {
  const within = lastBuckets.map((bound) =>
    buckets.reduce((total, [bucket, held]) => (bucket <= bound ? total + held : total), 0),
  );
  return { within, count, sumMs };
}
