import { statSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryDatabase } from '../src/open-database.ts';
import { countRecords, positionsOf } from '../src/positions.ts';
import { createSeriesReader } from '../src/read-series.ts';
import { createRetention, type RetentionLimits } from '../src/retain.ts';
import { createRecordSearch } from '../src/search-records.ts';
import { createRecordWriter } from '../src/write-records.ts';
import { batch, begin, decision, dump, fakeStream, outcome, placed, workshop } from './workshop.ts';

const hour = 3_600_000;
const stream = fakeStream(0, 0);

const calls = (count: number, everyMs: number) =>
  placed(
    stream,
    Array.from({ length: count }, (_, index) => {
      const time = begin + Math.floor(index / 2) * everyMs;
      return index % 2 === 0
        ? ([time, decision({ tool: `tool_${index % 40}` })] as const)
        : ([time + 5, outcome(index)] as const);
    }),
  );

/** Steps until there is nothing to do. */
function keepWithin(database: HistoryDatabase, limits: RetentionLimits): number {
  const retention = createRetention(database);
  let removed = 0;
  for (let steps = 0; steps < 10_000; steps++) {
    const step = retention.step(limits);
    removed += step.removed;
    if (step.done) return removed;
  }
  throw new Error('it never ends');
}

const plenty = 1024 * 1024 * 1024;

test('[HISTORY-RETENTION] what is too old goes, with its words and its series; positions stay', async () => {
  await using shop = await workshop();
  const database = await shop.open();
  const writer = createRecordWriter(database);
  const records = calls(2_000, hour / 10);
  writer.write([batch(stream, records, [0, 2_000])]);
  const oldest = begin + 60 * hour;
  expect(keepWithin(database, { oldest, bytes: plenty })).toBe(1200);
  expect(countRecords(database)).toBe(800);
  expect(createRecordSearch(database).page({ until: oldest - 1 }, { limit: 5 })?.records).toEqual([]);
  expect(createRecordSearch(database).page({ since: oldest }, { limit: 1000 })?.records).toHaveLength(800);
  const buckets = createSeriesReader(database).buckets({
    since: 0,
    until: begin + 1000 * hour,
    bucketMinutes: 60,
  });
  expect(buckets.map(({ start }) => start).at(0)).toBe(oldest);
  expect(positionsOf(database, stream.proxyId)).toMatchObject([{ seq: 2_000, offset: 200_000 }]);
  expect(keepWithin(database, { oldest, bytes: plenty })).toBe(0);
  // All of it, and nothing is left but how far streams were read.
  keepWithin(database, { oldest: begin + 10_000 * hour, bytes: plenty });
  writer.tidy();
  const rows = dump(database);
  expect({ ...rows, streams: [] }).toEqual({
    streams: [],
    shapes: [],
    records: [],
    incidents: [],
    series: [],
  });
  expect(rows.streams).toMatchObject([{ seq: 2_000, records: 0 }]);
});

test('[HISTORY-RETENTION] the file stays within its size, with the newest records in it', async () => {
  await using shop = await workshop();
  const database = await shop.open();
  const writer = createRecordWriter(database);
  const bytes = 2 * 1024 * 1024;
  const retention = createRetention(database);
  const records = calls(40_000, 1_000);
  let largest = 0;
  for (let from = 0; from < records.length; from += 500) {
    writer.write([batch(stream, records, [from, from + 500])]);
    while (!retention.step({ oldest: 0, bytes }).done);
    database.client.pragma('wal_checkpoint(TRUNCATE)');
    largest = Math.max(largest, statSync(shop.file).size);
  }
  expect(largest).toBeLessThanOrEqual(bytes);
  expect(retention.usedBytes()).toBeGreaterThan(bytes / 2);
  const kept = createRecordSearch(database).page({}, { limit: 100_000 })?.records ?? [];
  expect(kept.length).toBeGreaterThan(1_000);
  expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => 40_000 - index));
  expect(countRecords(database)).toBe(kept.length);
  expect(database.client.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('[HISTORY-RETENTION] whatever is removed in between, the same is left of what was read in any order', async () => {
  const drawn = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(drawn, fc.integer({ min: 0, max: 40 }), async (order, hours) => {
      const parts = [fakeStream(0, 0), fakeStream(0, 1), fakeStream(1, 0), fakeStream(1, 1)].map(
        (part, index) => ({
          part,
          records: placed(
            part,
            Array.from(
              { length: 30 },
              (_, at) => [begin + (at * 2 + index) * (hour / 2), decision()] as const,
            ),
          ),
          read: 0,
        }),
      );
      const oldest = begin + hours * hour;
      const project = async (turns: readonly number[], between: boolean) => {
        await using shop = await workshop();
        const database = await shop.open();
        const writer = createRecordWriter(database);
        const reached = parts.map(() => 0);
        const read = (index: number, to: number): void => {
          const { part, records } = parts[index] ?? { part: stream, records: [] };
          writer.write([batch(part, records, [reached[index] ?? 0, to])]);
          reached[index] = to;
          if (between) keepWithin(database, { oldest, bytes: plenty });
        };
        for (const index of turns) read(index, Math.min(30, (reached[index] ?? 0) + 7));
        for (const index of parts.keys()) read(index, 30);
        keepWithin(database, { oldest, bytes: plenty });
        writer.tidy();
        return dump(database);
      };
      expect(await project(order, true)).toEqual(await project([], false));
    }),
    { numRuns: 15 },
  );
});
