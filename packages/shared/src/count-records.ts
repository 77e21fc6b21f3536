import { createHistogram, type Histogram } from './histogram.ts';
import type { DecisionBody, OutcomeBody } from './journal-record.ts';
import type { CountedStatistics } from './live/statistics.ts';

/** Whether a decision is one of a request, rather than of a notification or an answer. */
export const isRequest = ({ class: kind }: Pick<DecisionBody, 'class'>): boolean =>
  kind === 'access' || kind === 'discovery' || kind === 'unreadable';

/** Whether a request was passed on. */
export const wasAllowed = ({ disposition }: Pick<DecisionBody, 'disposition'>): boolean =>
  disposition === 'forwarded' || disposition === 'observed';

/** A histogram as it is told: what people want to know of it, and what is needed to add it to others. */
export const counted = (histogram: Histogram): CountedStatistics['latency']['call'] => ({
  ...histogram.summary(),
  buckets: histogram.counts().buckets.map(([bucket, count]) => [bucket, count]),
});

export interface RecordCounter {
  decided(seq: number, decision: DecisionBody): void;
  finished(outcome: OutcomeBody): void;
  statistics(): CountedStatistics;
}

/** Counts what the records of one stream say, as they are written. The memory it takes is bounded by the calls that run. */
export function createRecordCounter(): RecordCounter {
  const call = createHistogram();
  const backend = createHistogram();
  const evaluation = createHistogram();
  const humanWait = createHistogram();
  /** Decisions on access requests that were passed on and have no outcome yet. */
  const running = new Set<number>();
  let requests = 0;
  let allowed = 0;
  let denied = 0;
  let asked = 0;
  return {
    decided: (seq, decision) => {
      if (!isRequest(decision)) return;
      requests++;
      if (wasAllowed(decision)) allowed++;
      else denied++;
      if (decision.effect === 'ask') asked++;
      if (decision.class !== 'access') return;
      if (decision.evalMs !== undefined) evaluation.add(decision.evalMs);
      if (decision.waitMs !== undefined && decision.waitMs > 0) humanWait.add(decision.waitMs);
      if (decision.disposition === 'forwarded') running.add(seq);
    },
    finished: ({ decision, durationMs, backendMs }) => {
      if (!running.delete(decision)) return;
      call.add(durationMs);
      if (backendMs !== undefined) backend.add(backendMs);
    },
    statistics: () => ({
      requests,
      allowed,
      denied,
      asked,
      latency: {
        call: counted(call),
        backend: counted(backend),
        evaluation: counted(evaluation),
        humanWait: counted(humanWait),
      },
    }),
  };
}
