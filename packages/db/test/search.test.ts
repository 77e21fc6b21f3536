import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyLimits } from '../src/record-keys.ts';
import { createRecordSearch, type FoundRecord, type RecordFilter } from '../src/search-records.ts';
import { createRecordWriter } from '../src/write-records.ts';
import { bodies } from './generated-records.ts';
import { batch, begin, decision, fakeStream, outcome, placed, workshop } from './workshop.ts';

const streams = [fakeStream(0, 0), fakeStream(0, 1), fakeStream(1, 0)] as const;

const filters = fc.record(
  {
    text: fc.constantFrom(
      'read',
      'READ_f',
      'delete row',
      'e',
      'ro',
      'äö',
      'tools/call ok',
      '"',
      "'",
      '%',
      'nowhere',
      ' ',
      're\0ad',
      '\ud800abc',
      'read* OR (write',
    ),
    proxy: fc.constantFrom('proxy-0', 'proxy-1', 'proxy-9'),
    instance: fc.constantFrom(...streams.map(({ instance }) => instance), 'inst_none'),
    type: fc.constantFrom('decision', 'outcome', 'session', 'incident'),
    tool: fc.constantFrom('read_file', 'Delete_Row'),
    method: fc.constantFrom('tools/call', 'initialize'),
    effect: fc.constantFrom('allow', 'deny'),
    disposition: fc.constantFrom('forwarded', 'denied'),
    status: fc.constantFrom('ok', 'timed_out', 'none'),
    since: fc.integer({ min: begin - 1000, max: begin + 80_000_000 }),
    until: fc.integer({ min: begin - 1000, max: begin + 80_000_000 }),
  },
  { requiredKeys: [] },
);

/** So small that each way of finding records is taken. */
const limits: fc.Arbitrary<KeyLimits> = fc.record({
  glanced: fc.integer({ min: 1, max: 20 }),
  mergedShapes: fc.constantFrom(0, 3, 1000),
  sortedRecords: fc.constantFrom(0, 10, 1000),
  walked: fc.integer({ min: 1, max: 30 }),
});

/** The same by looking at every record. */
function matches(record: FoundRecord, filter: RecordFilter): boolean {
  const { text = '', since = -Infinity, until = Infinity, instance, status, ...words } = filter;
  const { time, seq, hash, proxy, stream, requestId, ...rest } = record;
  const { instance: _, ...searched } = rest;
  const inWords = (term: string): boolean =>
    Object.values(searched).some((word) => typeof word === 'string' && word.toLowerCase().includes(term));
  const wanted: Record<string, unknown> = { ...words };
  return (
    text
      .toLowerCase()
      .split(/\s+/)
      .every((term) => term === '' || inWords(term)) &&
    time >= since &&
    time <= until &&
    (instance === undefined || record.instance === instance) &&
    (status === undefined ||
      (status === 'none'
        ? record.type === 'decision' && record.disposition === 'forwarded' && record.status === null
        : record.status === status)) &&
    Object.entries(wanted).every(
      ([name, value]) => (name === 'proxy' ? record.proxyName : record[name as 'tool']) === value,
    )
  );
}

test('[HISTORY-SEARCH] pages of any query hold every record that matches once, newest first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(bodies, bodies, bodies),
      fc.array(fc.tuple(filters, limits, fc.integer({ min: 1, max: 9 })), { minLength: 5, maxLength: 5 }),
      async (journals, queries) => {
        await using shop = await workshop();
        const database = await shop.open();
        const writer = createRecordWriter(database);
        for (const [index, stream] of streams.entries()) {
          const records = placed(stream, journals[index] ?? []);
          writer.write([batch(stream, records, [0, records.length])]);
        }
        const everything = createRecordSearch(database).page({}, { limit: 1_000 })?.records ?? [];
        expect(everything).toHaveLength(journals.flat().length);
        const times = everything.map(({ time }) => time);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
        for (const [filter, small, limit] of queries) {
          const search = createRecordSearch(database, small);
          const found: FoundRecord[] = [];
          let cursor: string | undefined;
          for (let pages = 0; pages < 1_000; pages++) {
            const page = search.page(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
            found.push(...(page?.records ?? []));
            expect(page?.records.length).toBeLessThanOrEqual(limit);
            cursor = page?.cursor;
            if (cursor === undefined) break;
          }
          expect(cursor).toBeUndefined();
          const places = (list: readonly FoundRecord[]) =>
            list.map(({ instance, seq }) => `${instance} ${seq}`);
          expect(places(found)).toEqual(places(everything.filter((record) => matches(record, filter))));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a record is found by its number, with what its outcome tells beside it', async () => {
  await using shop = await workshop();
  const database = await shop.open();
  const stream = fakeStream(0, 0);
  const records = placed(stream, [
    [begin, decision({ requestId: '"a"', size: 7 })],
    [begin + 3, outcome(1, { durationMs: 2.5, backendMs: 2, size: 11 })],
  ]);
  createRecordWriter(database).write([batch(stream, records, [0, 2])]);
  const search = createRecordSearch(database);
  expect(search.find(stream.instance, 1)).toMatchObject({
    requestId: '"a"',
    outcome: 2,
    size: 7,
    outcomeSize: 11,
    evalUs: 12,
    durationUs: 2500,
    backendUs: 2000,
    offset: 0,
    length: 100,
    stream: `${stream.instance}.0001`,
  });
  expect(search.find(stream.instance, 2)).toMatchObject({ decision: 1, durationUs: 2500, outcome: null });
  expect(search.find(stream.instance, 3)).toBeUndefined();
  expect(search.find('inst_none', 1)).toBeUndefined();
});

test('a cursor that no page ended with is none', async () => {
  await using shop = await workshop();
  const search = createRecordSearch(await shop.open());
  for (const cursor of ['', 'x', '1.2', '1.2.3.4', '1;DROP TABLE records', '9'.repeat(40)]) {
    expect(search.page({}, { limit: 5, cursor })).toBeUndefined();
  }
  expect(search.page({}, { limit: 5, cursor: '1.2.3' })).toEqual({ records: [] });
});
