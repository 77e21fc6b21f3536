import { createRecordCounter } from '@mcp-acp/shared/count-records';
import { createHistogram } from '@mcp-acp/shared/histogram';
import type { DecisionBody, OutcomeBody, RecordBody } from '@mcp-acp/shared/journal-record';
import { countedStatisticsSchema } from '@mcp-acp/shared/live/statistics';
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
    tool: fc.constantFrom('echo', 'read_file', '__proto__'),
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
  readonly status: OutcomeBody['status'];
  readonly tool: string | undefined;
  readonly durationMs: number;
  readonly backendMs: number | undefined;
}

/** An outcome of whatever was recorded so far, or of nothing: told by how far back its decision lies. */
const outcome: fc.Arbitrary<Outcome> = fc.record({
  type: fc.constant('outcome' as const),
  back: fc.integer({ min: 1, max: 12 }),
  status: fc.constantFrom('ok', 'tool_error', 'cancelled'),
  tool: fc.option(fc.constantFrom('echo', 'read_file'), { nil: undefined }),
  durationMs: ms,
  backendMs: fc.option(ms, { nil: undefined }),
});

const stream = fc.array(fc.oneof(decision, outcome, fc.constant({ type: 'tool' as const })), {
  maxLength: 120,
});

const recordsOf = (items: readonly { readonly type: string }[]): readonly RecordBody[] =>
  items.map((item, index) => {
    if (item.type !== 'outcome') return item as unknown as RecordBody;
    const { back, status, tool, durationMs, backendMs } = item as Outcome;
    const more = {
      ...(tool === undefined ? {} : { tool }),
      ...(backendMs === undefined ? {} : { backendMs }),
    };
    return { type: 'outcome', decision: index + 1 - back, status, durationMs, ...more } as OutcomeBody;
  });

type Row = Readonly<Record<string, unknown>>;

/** Rows with a count each, in an order of their own. */
function grouped(rows: readonly Row[]): readonly Row[] {
  const texts = rows.map((row) => JSON.stringify(row));
  return [...new Set(texts)].sort().map((text) => ({
    ...(JSON.parse(text) as Row),
    count: texts.filter((other) => other === text).length,
  }));
}

const sorted = (rows: readonly Row[] | undefined): readonly Row[] | undefined =>
  rows === undefined
    ? undefined
    : [...rows].sort((a, b) => {
        const [one, other] = [a, b].map(({ count: _, ...row }) => JSON.stringify(row)) as [string, string];
        return one < other ? -1 : 1;
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
  const waitOf = (seq: number): number => access.find((decision) => decision.seq === seq)?.waitMs ?? 0;
  const refused = access.filter(({ disposition }) => disposition !== 'forwarded');
  return {
    decided: grouped(
      requests.map(({ effect, disposition }) => ({
        ...(effect === undefined ? {} : { effect }),
        disposition,
      })),
    ),
    toolCalls: grouped([
      ...refused.flatMap(({ tool, disposition }) =>
        tool === undefined ? [] : [{ tool, status: disposition }],
      ),
      ...first.flatMap(({ tool, status }) => (tool === undefined ? [] : [{ tool, status }])),
    ]),
    requests: requests.length,
    allowed: allowed.length,
    denied: requests.filter(({ disposition }) => ['denied', 'limited', 'malformed'].includes(disposition))
      .length,
    asked: requests.filter(({ effect }) => effect === 'ask').length,
    latency: {
      call: summary(first.map(({ decision, durationMs }) => Math.max(0, durationMs - waitOf(decision)))),
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
      const statistics = counter.statistics();
      expect({
        ...statistics,
        decided: sorted(statistics.decided),
        toolCalls: sorted(statistics.toolCalls),
      }).toEqual(recount(records));
    }),
    { numRuns: 2000 },
  );
});

it('[LIVE-COUNTS] the counts by tool are bounded, and nothing is left out of them', () => {
  const counter = createRecordCounter();
  const base: DecisionBody = {
    type: 'decision',
    from: 'client',
    class: 'access',
    subject: 'local:ann',
    disposition: 'denied',
    size: 1,
  };
  for (let seq = 1; seq <= 3_000; seq++) {
    const tool = seq % 3 === 0 ? 'echo' : `${'t'.repeat(300)}${seq}`;
    const name = seq % 3 === 1 ? `tool-${seq}` : tool;
    counter.decided(seq, { ...base, tool: name, disposition: seq % 2 === 0 ? 'denied' : 'limited' });
  }
  const statistics = countedStatisticsSchema.parse(counter.statistics());
  const { toolCalls = [] } = statistics;
  expect(toolCalls.reduce((total, { count }) => total + count, 0)).toBe(3_000);
  expect(toolCalls.filter(({ tool }) => tool === 'echo').map(({ count }) => count)).toEqual([500, 500]);
  expect(toolCalls.filter(({ tool }) => tool === 'other')).toHaveLength(2);
});
