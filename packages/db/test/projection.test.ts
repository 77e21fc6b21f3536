import { createRecordCounter } from '@mcp-acp/shared/count-records';
import { createHistogram } from '@mcp-acp/shared/histogram';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHistogram, encodeHistogram, histogramCounts } from '../src/histogram-blob.ts';
import { countRecords } from '../src/positions.ts';
import { createSeriesReader } from '../src/read-series.ts';
import { addCounts, noCounts } from '../src/series-counts.ts';
import { createRecordWriter, type StreamBatch } from '../src/write-records.ts';
import { bodies } from './generated-records.ts';
import { batch, begin, decision, dump, fakeStream, outcome, placed, workshop } from './workshop.ts';

const streams = [fakeStream(0, 0), fakeStream(0, 1), fakeStream(1, 0)] as const;
const threeStreams = fc.tuple(bodies, bodies, bodies);

test('[HISTORY-SAME-ROWS] whatever the order and size of what is written at once, the rows are the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      threeStreams,
      fc.array(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 9 })), { maxLength: 40 }),
      fc.array(fc.tuple(fc.nat({ max: 39 }), fc.nat({ max: 39 })), { maxLength: 4 }),
      async (journals, order, takenBack) => {
        const records = streams.map((stream, index) => placed(stream, journals[index] ?? []));
        const rest = (reached: readonly number[]): StreamBatch[] =>
          streams.map((stream, index) => {
            const all = records[index] ?? [];
            return batch(stream, all, [reached[index] ?? 0, all.length]);
          });
        await using once = await workshop();
        const whole = await once.open();
        const onePass = createRecordWriter(whole);
        onePass.write(rest([0, 0, 0]));

        await using parts = await workshop();
        const database = await parts.open();
        let writer = createRecordWriter(database);
        const reached = [0, 0, 0];
        const write = (index: number, count: number): void => {
          const all = records[index] ?? [];
          const from = reached[index] ?? 0;
          const to = Math.min(all.length, from + count);
          writer.write([batch(streams[index] ?? streams[0], all, [from, to])]);
          reached[index] = to;
        };
        for (const [turn, [index, count]] of order.entries()) {
          write(index, count);
          if (turn % 7 === 3) writer = createRecordWriter(database);
          const back = takenBack[turn];
          if (back === undefined) continue;
          const to = Math.min(reached[index] ?? 0, back[0]);
          const { stream, place } = batch(streams[index] ?? streams[0], records[index] ?? [], [0, to]);
          expect(writer.takeBack(stream, place)).toBe((reached[index] ?? 0) - to);
          reached[index] = to;
          if (back[1] % 2 === 0) writer.tidy();
        }
        writer.write(rest(reached));
        writer.tidy();
        expect(dump(database)).toEqual(dump(whole));
        expect(countRecords(database)).toBe(records.flat().length);
        const counted = database.client.prepare('SELECT sum(records) FROM shapes').pluck().get();
        expect(counted).toBe(records.flat().length);
      },
    ),
    { numRuns: 60 },
  );
});

test('[HISTORY-SERIES] the series of any width add up to what the records are counted as', async () => {
  await fc.assert(
    fc.asyncProperty(threeStreams, fc.constantFrom(1, 7, 60, 1440), async (journals, bucketMinutes) => {
      await using shop = await workshop();
      const database = await shop.open();
      const writer = createRecordWriter(database);
      const counters = streams.map((stream, index) => {
        const counter = createRecordCounter();
        const records = placed(stream, journals[index] ?? []);
        for (const { record } of records) {
          if (record.type === 'decision') counter.decided(record.seq, record);
          if (record.type === 'outcome') counter.finished(record);
        }
        writer.write([batch(stream, records, [0, records.length])]);
        return counter.statistics();
      });
      const series = createSeriesReader(database);
      const range = { since: begin - 86_400_000, until: begin + 10 * 86_400_000, bucketMinutes };
      const sum = (filter: { proxy?: string; tool?: string }) =>
        series.buckets({ ...range, ...filter }).reduce((total, part) => addCounts(total, part), noCounts());
      const all = sum({});
      const added = (name: 'requests' | 'allowed' | 'denied' | 'asked', of = counters): number =>
        of.reduce((total, statistics) => total + statistics[name], 0);
      expect(all.counts).toMatchObject({
        requests: added('requests'),
        allowed: added('allowed'),
        denied: added('denied'),
        ask: added('asked'),
      });
      expect(sum({ proxy: 'proxy-1' }).counts.requests).toBe(added('requests', counters.slice(2)));
      for (const name of ['call', 'backend', 'evaluation', 'humanWait'] as const) {
        const merged = createHistogram();
        for (const { latency } of counters) merged.merge(latency[name]);
        const stored = histogramCounts(all.latency[name]);
        expect(stored.buckets).toEqual(merged.counts().buckets);
        expect(stored.sumMs).toBeCloseTo(merged.counts().sumMs, 6);
      }
      const tools = ['read_file', 'write_file', 'Delete_Row', 'suche_ÄÖ', ''];
      const byTool = tools.map((tool) => sum({ tool })).reduce(addCounts);
      expect(byTool).toEqual(all);
    }),
    { numRuns: 40 },
  );
});

test('a decision has the words of its outcome, whenever that comes, and an outcome those of its decision', async () => {
  await using shop = await workshop();
  const database = await shop.open();
  const writer = createRecordWriter(database);
  const stream = fakeStream(0, 0);
  const records = placed(stream, [
    [begin, decision({ effect: 'ask' })],
    [begin + 1, decision({ tool: 'write_file' })],
    [begin + 2, outcome(1, { status: 'timed_out', reason: 'backend_timeout' })],
    [begin + 3, outcome(1, { status: 'ok' })],
    [begin + 4, outcome(77)],
  ]);
  writer.write([batch(stream, records, [0, 2])]);
  writer.write([batch(stream, records, [2, 5])]);
  const rows = database.client
    .prepare(
      `SELECT seq, type, tool, effect, status, outcome_reason AS reason, decision, outcome FROM records
       JOIN shapes ON shapes.id = shape ORDER BY seq`,
    )
    .all();
  const call = { tool: 'read_file', effect: 'ask' };
  const ended = { status: 'timed_out', reason: 'backend_timeout' };
  expect(rows).toMatchObject([
    { seq: 1, type: 'decision', ...call, ...ended, outcome: 3 },
    { seq: 2, type: 'decision', tool: 'write_file', status: null, outcome: null },
    { seq: 3, type: 'outcome', ...call, ...ended, decision: 1 },
    { seq: 4, type: 'outcome', ...call, status: 'ok', decision: 1 },
    { seq: 5, type: 'outcome', tool: null, status: 'ok', decision: 77 },
  ]);
  // A shape that nothing has any more stays until it is tidied away.
  const shapes = (): unknown => database.client.prepare('SELECT count(*) FROM shapes').pluck().get();
  expect(shapes()).toBe(6);
  writer.tidy();
  expect(shapes()).toBe(5);
});

test('records of a version that is not known yet, or with members of other types, are rows like others', async () => {
  await using shop = await workshop();
  const database = await shop.open();
  const writer = createRecordWriter(database);
  const stream = fakeStream(0, 0);
  const strange = [
    { type: 'approval', channel: 'dashboard' },
    { type: 7, method: ['x'], tool: { a: 1 }, size: -1, evalMs: 'soon', decision: {} },
    { type: 'outcome', decision: 'first', durationMs: Number.NaN, status: null },
    { type: 'incident' },
    { type: 'decision', tool: 'x'.repeat(10_000), requestId: 'y'.repeat(10_000) },
  ];
  const records = placed(
    stream,
    strange.map((body) => [begin, body as never] as const),
  );
  writer.write([batch(stream, records, [0, 5])]);
  expect(dump(database).records).toHaveLength(5);
  expect(database.client.prepare('SELECT max(length(tool)) FROM shapes').pluck().get()).toBe(256);
});

test('histograms come out of their bytes as they went in', () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.nat({ max: 415 }), fc.integer({ min: 1, max: 2 ** 40 })), {
    selector: ([index]) => index,
    minLength: 1,
  });
  fc.assert(
    fc.property(pairs, fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (drawn, sumUs) => {
      const stored = { sumUs, buckets: drawn.sort(([a], [b]) => a - b) };
      expect(decodeHistogram(encodeHistogram(stored))).toEqual(stored);
    }),
  );
  expect(encodeHistogram({ sumUs: 0, buckets: [] })).toBeNull();
  expect(decodeHistogram(null)).toEqual({ sumUs: 0, buckets: [] });
});
