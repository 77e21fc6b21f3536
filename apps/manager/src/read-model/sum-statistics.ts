import { createHistogram } from '@mcp-acp/shared/histogram';
import type { CountedStatistics, Statistics } from '@mcp-acp/shared/live/statistics';

/** What several instances did together; a latency is that of all their calls. */
export function sumStatistics(parts: readonly CountedStatistics[]): Statistics {
  const count = (member: 'requests' | 'allowed' | 'denied' | 'asked'): number =>
    parts.reduce((total, part) => total + part[member], 0);
  const latency = (kind: keyof CountedStatistics['latency']): Statistics['latency']['call'] => {
    const all = createHistogram();
    for (const part of parts) all.merge(part.latency[kind]);
    return all.summary();
  };
  return {
    requests: count('requests'),
    allowed: count('allowed'),
    denied: count('denied'),
    asked: count('asked'),
    latency: {
      call: latency('call'),
      backend: latency('backend'),
      evaluation: latency('evaluation'),
      humanWait: latency('humanWait'),
    },
  };
}
