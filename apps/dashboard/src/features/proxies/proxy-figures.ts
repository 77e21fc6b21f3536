import type { InstanceSeen, ProxySeen } from '../proxy/answers.ts';

interface Latency {
  readonly count: number;
  readonly medianMs?: number | undefined;
  readonly p95Ms?: number | undefined;
}

/** What a card says of a proxy: of the instances that run, else of the session that ended last. */
export interface ProxyFigures {
  readonly requests: number;
  readonly asked: number;
  readonly denied: number;
  readonly pending: number;
  readonly call: Latency;
  readonly evaluation: Latency;
  readonly humanWait: Latency;
  /** They are those of a session that is over. */
  readonly isPast: boolean;
}

type LatencyKind = 'call' | 'evaluation' | 'humanWait';

export const shownInstances = ({ instances, last }: ProxySeen): readonly InstanceSeen[] =>
  instances.length > 0 ? instances : last === undefined ? [] : [last];

export function figuresOf(proxy: ProxySeen): ProxyFigures {
  const shown = shownInstances(proxy);
  const sum = (of: (seen: InstanceSeen) => number): number =>
    shown.reduce((total, seen) => total + of(seen), 0);
  const latency = (kind: LatencyKind): Latency =>
    together(shown.map(({ status }) => status.statistics.latency[kind]));
  return {
    requests: sum(({ status }) => status.statistics.requests),
    asked: sum(({ status }) => status.statistics.asked),
    denied: sum(({ status }) => status.statistics.denied),
    pending: proxy.instances.reduce((total, { status }) => total + status.pending, 0),
    call: latency('call'),
    evaluation: latency('evaluation'),
    humanWait: latency('humanWait'),
    isPast: proxy.instances.length === 0,
  };
}

/**
 * Of one instance exactly; of several a median between theirs, each as heavy as its calls, and the worst 95th percentile:
 * their histograms stay with the manager.
 */
function together(latencies: readonly Latency[]): Latency {
  const measured = latencies.filter(({ count, medianMs }) => count > 0 && medianMs !== undefined);
  const count = measured.reduce((total, one) => total + one.count, 0);
  if (count === 0) return { count: 0 };
  const medianMs = measured.reduce((total, one) => total + (one.medianMs ?? 0) * one.count, 0) / count;
  return { count, medianMs, p95Ms: Math.max(...measured.map(({ p95Ms = 0 }) => p95Ms)) };
}
