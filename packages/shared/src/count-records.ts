import type { Effect } from './effect.ts';
import { createHistogram, type Histogram } from './histogram.ts';
import type { DecisionBody, OutcomeBody } from './journal-record.ts';
import type { CountedStatistics } from './live/statistics.ts';
import { mostToolName, mostToolRows, otherTools } from './live/statistics-bounds.ts';

/** Whether a decision is one of a request, rather than of a notification or an answer. */
export const isRequest = ({ class: kind }: Pick<DecisionBody, 'class'>): boolean =>
  kind === 'access' || kind === 'discovery' || kind === 'unreadable';

/** Whether a request was passed on. */
export const wasAllowed = ({ disposition }: Pick<DecisionBody, 'disposition'>): boolean =>
  disposition === 'forwarded' || disposition === 'observed';

/** Whether a request was refused by the policy, a person, a limit or a check; not one that was taken back or that nobody answered. */
export const wasDenied = ({ disposition }: Pick<DecisionBody, 'disposition'>): boolean =>
  disposition === 'denied' || disposition === 'limited' || disposition === 'malformed';

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

/** Counts of pairs of words, in the order in which they came first. */
function createPairs() {
  const counts = new Map<string | undefined, Map<string, number>>();
  let size = 0;
  return {
    size: () => size,
    has: (first: string | undefined, second: string): boolean => counts.get(first)?.has(second) ?? false,
    add: (first: string | undefined, second: string): void => {
      const ofFirst = counts.get(first) ?? new Map<string, number>();
      if (ofFirst.size === 0) counts.set(first, ofFirst);
      const count = ofFirst.get(second) ?? 0;
      if (count === 0) size++;
      ofFirst.set(second, count + 1);
    },
    rows: <Row>(row: (first: string | undefined, second: string, count: number) => Row): Row[] =>
      [...counts].flatMap(([first, ofFirst]) =>
        [...ofFirst].map(([second, count]) => row(first, second, count)),
      ),
  };
}

/** There is one row of these for each word that a tool call can end with. */
const rowsOfOthers = 32;

/** Counts what the records of one stream say, as they are written. The memory it takes is bounded by the calls that run. */
export function createRecordCounter(): RecordCounter {
  const call = createHistogram();
  const backend = createHistogram();
  const evaluation = createHistogram();
  const humanWait = createHistogram();
  /** Decisions on access requests that were passed on and have no outcome yet, with how long a person took. Milliseconds. */
  const running = new Map<number, number>();
  let requests = 0;
  let allowed = 0;
  let denied = 0;
  let asked = 0;
  const kinds = createPairs();
  const toolCalls = createPairs();
  const toolCallOver = (name: string, status: string): void => {
    const tool = name.length > mostToolName ? name.slice(0, mostToolName) : name;
    const isKnown = toolCalls.has(tool, status) || toolCalls.size() < mostToolRows - rowsOfOthers;
    toolCalls.add(isKnown ? tool : otherTools, status);
  };
  return {
    decided: (seq, decision) => {
      if (!isRequest(decision)) return;
      requests++;
      if (wasAllowed(decision)) allowed++;
      else if (wasDenied(decision)) denied++;
      if (decision.effect === 'ask') asked++;
      kinds.add(decision.effect, decision.disposition);
      if (decision.class !== 'access') return;
      if (decision.evalMs !== undefined) evaluation.add(decision.evalMs);
      if (decision.waitMs !== undefined && decision.waitMs > 0) humanWait.add(decision.waitMs);
      if (decision.disposition === 'forwarded') running.set(seq, decision.waitMs ?? 0);
      else if (decision.tool !== undefined) toolCallOver(decision.tool, decision.disposition);
    },
    finished: ({ decision, tool, status, durationMs, backendMs }) => {
      const waitMs = running.get(decision);
      if (waitMs === undefined) return;
      running.delete(decision);
      if (tool !== undefined) toolCallOver(tool, status);
      call.add(Math.max(0, durationMs - waitMs));
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
      decided: kinds.rows((effect, disposition, count) => ({
        ...(effect === undefined ? {} : { effect: effect as Effect }),
        disposition,
        count,
      })),
      toolCalls: toolCalls.rows((tool = '', status, count) => ({ tool, status, count })),
    }),
  };
}
