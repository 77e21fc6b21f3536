import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { CountedStatistics, JournalTimes } from '@mcp-acp/shared/live/statistics';
import { type CountedDurations, type Durations, durationsOf, noDurations } from './counted-durations.ts';

/** What instances count themselves, as metrics take it. `label` is the label of the proxy. */
export interface CountSinks {
  readonly latency: Readonly<Record<keyof CountedStatistics['latency'], CountedDurations>>;
  readonly journal: Readonly<Record<keyof JournalTimes, CountedDurations>>;
  readonly decided: (
    label: string,
    kind: { readonly effect?: string | undefined; readonly disposition: string },
    count: number,
  ) => void;
  readonly toolCalls: (
    label: string,
    call: { readonly tool: string; readonly status: string },
    count: number,
  ) => void;
}

/** What an instance said last. */
interface Said {
  readonly durations: Map<CountedDurations, Durations>;
  readonly rows: Map<string, number>;
}

/** So many are known; an instance that was away comes back with what it had. */
const mostInstances = 1_000;

const latencies = ['call', 'backend', 'evaluation', 'humanWait'] as const;
const journalTimes = ['append', 'sync'] as const;

/**
 * Adds up the differences between what each instance says of itself and what it said before. Of one that was there before
 * `startedAt`, the manager's start, what it had when it was seen first is no difference, so that a manager that starts
 * again counts nothing twice. Counts of an instance only grow.
 */
export function countInstances(
  startedAt: string,
  sinks: CountSinks,
): (label: string, status: InstanceStatus) => void {
  const known = new Map<string, Said>();
  /** Instances that began later count from nothing. RFC 3339. */
  let since = startedAt;

  const remember = (instance: string, said: Said): void => {
    known.delete(instance);
    known.set(instance, said);
    if (known.size <= mostInstances) return;
    known.delete(known.keys().next().value ?? '');
    // One that is not known any more comes back as if it were new.
    since = new Date().toISOString();
  };

  return (label, { instance, startedAt: began, statistics, journal }) => {
    const before = known.get(instance);
    const said = before ?? { durations: new Map(), rows: new Map() };
    const countsFromNothing = before !== undefined || began >= since;

    const duration = (sink: CountedDurations, counts: Parameters<typeof durationsOf>[0]): void => {
      const now = durationsOf(counts);
      const last = said.durations.get(sink) ?? (countsFromNothing ? noDurations : now);
      sink.add(label, last, now);
      if (now.count >= last.count) said.durations.set(sink, now);
    };
    const row = (key: string, count: number, add: (more: number) => void): void => {
      const last = said.rows.get(key) ?? (countsFromNothing ? 0 : count);
      if (count > last) add(count - last);
      said.rows.set(key, Math.max(last, count));
    };

    for (const kind of latencies) duration(sinks.latency[kind], statistics.latency[kind]);
    if (journal !== undefined) {
      for (const kind of journalTimes) duration(sinks.journal[kind], journal[kind]);
    }
    for (const { effect, disposition, count } of statistics.decided ?? []) {
      row(JSON.stringify([effect ?? null, disposition]), count, (more) =>
        sinks.decided(label, { effect, disposition }, more),
      );
    }
    for (const { tool, status, count } of statistics.toolCalls ?? []) {
      row(JSON.stringify({ tool, status }), count, (more) => sinks.toolCalls(label, { tool, status }, more));
    }
    remember(instance, said);
  };
}
