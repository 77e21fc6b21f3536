import { createRecordCounter } from '@mcp-acp/shared/count-records';
import { createHistogram } from '@mcp-acp/shared/histogram';
import type { DecisionBody, OutcomeBody, RecordBody } from '@mcp-acp/shared/journal-record';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const ms = fc.double({ min: 0, max: 1e6, noNaN: true });

const decision = fc.record(
  {
    type: fc.constant('decision' as const),
    from: fc.constantFrom('client' as const, 'server' as const),
    class: fc.constantFrom('discovery', 'access', 'notification', 'response', 'unreadable'),
    subject: fc.constant('local:ann'),
    effect: fc.constantFrom('allow', 'ask', 'deny'),
    disposition: fc.constantFrom('forwarded', 'observed', 'denied', 'unanswered', 'cancelled', 'limited'),
    size: fc.nat(),
    evalMs: ms,
    waitMs: fc.oneof(fc.constant(0), ms),
  },
  { requiredKeys: ['type', 'from', 'class', 'subject', 'disposition', 'size'] },
) as fc.Arbitrary<DecisionBody>;

interface Outcome {
  readonly type: 'outcome';
  readonly back: number;
  readonly durationMs: number;
  readonly backendMs: number | undefined;
}

/** An outcome of whatever was recorded so far, or of nothing: told by how far back its decision lies. */
const outcome: fc.Arbitrary<Outcome> = fc.record({
  type: fc.constant('outcome' as const),
  back: fc.integer({ min: 1, max: 12 }),
  durationMs: ms,
  backendMs: fc.option(ms, { nil: undefined }),
});

const stream = fc.array(fc.oneof(decision, outcome, fc.constant({ type: 'tool' as const })), {
  maxLength: 120,
});

const recordsOf = (items: readonly { readonly type: string }[]): readonly RecordBody[] =>
  items.map((item, index) => {
    if (item.type !== 'outcome') return item as unknown as RecordBody;
    const { back, durationMs, backendMs } = item as Outcome;
    const more = backendMs === undefined ? {} : { backendMs };
    return { type: 'outcome', decision: index + 1 - back, status: 'ok', durationMs, ...more } as OutcomeBody;
  });

/** The same, counted afterwards from the whole stream. */
function recount(records: readonly RecordBody[]) {
  const decisions = records.flatMap((record, index) =>
    record.type === 'decision' ? [{ ...record, seq: index + 1 }] : [],
  );
  const requests = decisions.filter(({ class: kind }) =>
    ['access', 'discovery', 'unreadable'].includes(kind),
  );
  const allowed = requests.filter(({ disposition }) => ['forwarded', 'observed'].includes(disposition));
  const access = requests.filter(({ class: kind }) => kind === 'access');
  const ran = new Set(access.filter(({ disposition }) => disposition === 'forwarded').map(({ seq }) => seq));
  const first = records.filter((record, index): record is OutcomeBody => {
    if (record.type !== 'outcome' || !ran.has(record.decision) || record.decision > index) return false;
    ran.delete(record.decision);
    return true;
  });
  const summary = (values: readonly (number | undefined)[]) => {
    const histogram = createHistogram();
    for (const value of values) if (value !== undefined) histogram.add(value);
    return { ...histogram.summary(), buckets: histogram.counts().buckets.map(([at, count]) => [at, count]) };
  };
  return {
    requests: requests.length,
    allowed: allowed.length,
    denied: requests.length - allowed.length,
    asked: requests.filter(({ effect }) => effect === 'ask').length,
    latency: {
      call: summary(first.map(({ durationMs }) => durationMs)),
      backend: summary(first.map(({ backendMs }) => backendMs)),
      evaluation: summary(access.map(({ evalMs }) => evalMs)),
      humanWait: summary(access.map(({ waitMs }) => (waitMs === 0 ? undefined : waitMs))),
    },
  };
}

it('[LIVE-COUNTS] counting as records are written gives what counting the whole stream gives', () => {
  fc.assert(
    fc.property(stream, (items) => {
      const records = recordsOf(items);
      const counter = createRecordCounter();
      records.forEach((record, index) => {
        if (record.type === 'decision') counter.decided(index + 1, record);
        else if (record.type === 'outcome') counter.finished(record);
      });
      expect(counter.statistics()).toEqual(recount(records));
    }),
    { numRuns: 2000 },
  );
});
