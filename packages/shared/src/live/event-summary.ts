import type { LiveEvent } from './live-event.ts';
import type { CountedStatistics, JournalTimes } from './statistics.ts';

type Statistics = Extract<LiveEvent, { readonly type: 'statistics' }>;
type Counted = JournalTimes['append'];

/**
 * An event as it is told to those who look on: without the counts of histograms and by kind, which only who adds up the
 * figures of several instances needs, and which are many times the rest.
 */
export const summaryOf = (event: LiveEvent): LiveEvent =>
  event.type === 'statistics' ? withoutCounts(event) : event;

function withoutCounts({ journal, statistics, ...event }: Statistics): Statistics {
  const { requests, allowed, denied, asked, latency } = statistics;
  const short: CountedStatistics = {
    requests,
    allowed,
    denied,
    asked,
    latency: {
      call: withoutBuckets(latency.call),
      backend: withoutBuckets(latency.backend),
      evaluation: withoutBuckets(latency.evaluation),
      humanWait: withoutBuckets(latency.humanWait),
    },
  };
  if (journal === undefined) return { ...event, statistics: short };
  const { append, sync } = journal;
  return {
    ...event,
    statistics: short,
    journal: { append: withoutBuckets(append), sync: withoutBuckets(sync) },
  };
}

const withoutBuckets = ({ count, sumMs, medianMs, p95Ms }: Counted): Counted => ({
  count,
  sumMs,
  ...(medianMs === undefined ? {} : { medianMs }),
  ...(p95Ms === undefined ? {} : { p95Ms }),
  buckets: [],
});
