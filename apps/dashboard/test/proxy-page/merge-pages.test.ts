import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectRecords } from '../../src/features/proxy/activity/collect-records.ts';
import {
  firstLanes,
  type Lane,
  newestFirst,
  readMerged,
} from '../../src/features/proxy/activity/merge-pages.ts';
import type { HistoryRecord, RecordPage } from '../../src/features/proxy/answers.ts';

const record = (type: string, seq: number, ms: number): HistoryRecord => ({
  proxy: 'files',
  instance: 'inst_a',
  seq,
  time: new Date(ms).toISOString(),
  type,
  hash: '',
});

/** A history that is asked for one type at a time, and now and then answers with an empty page that goes on. */
function historyOf(records: readonly HistoryRecord[], { size, empties }: { size: number; empties: boolean }) {
  let asked = 0;
  return async (type: string, cursor: string | undefined): Promise<RecordPage> => {
    const all = records.filter((one) => one.type === type).sort(newestFirst);
    const from = Number(cursor ?? 0);
    asked++;
    if (empties && asked % 3 === 1) return { records: [], cursor: String(from) };
    const page = all.slice(from, from + size);
    return from + size < all.length ? { records: page, cursor: String(from + size) } : { records: page };
  };
}

const histories = fc
  .array(fc.tuple(fc.constantFrom('incident', 'tool', 'recovered'), fc.nat(10_000)), { maxLength: 60 })
  .map((rows) => rows.map(([type, ms], index) => record(type, index + 1, ms)));

describe('[ACTIVITY-WHOLE] several types of records as one list', () => {
  it('is all of them once, newest first, whatever their pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (records, size, empties) => {
          const read = historyOf(records, { size, empties });
          const seen: HistoryRecord[] = [];
          let lanes: readonly Lane[] | undefined = firstLanes(['incident', 'recovered', 'tool']);
          while (lanes !== undefined) {
            const page = await readMerged(lanes, read);
            seen.push(...page.records);
            lanes = page.next;
          }
          expect(seen.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(records.map(({ seq }) => seq));
          const times = seen.map(({ time }) => Date.parse(time));
          expect(times).toEqual([...times].sort((a, b) => b - a));
        },
      ),
    );
  });

  it('[ACTIVITY-EXPORT] is collected up to a bound, and says that it was cut', async () => {
    const records = Array.from({ length: 25 }, (_, index) => record('tool', index + 1, index));
    const collect = (most: number) =>
      collectRecords({
        types: ['tool'],
        read: historyOf(records, { size: 4, empties: false }),
        onProgress: () => {},
        signal: new AbortController().signal,
        most,
      });
    expect(await collect(25)).toMatchObject({ isCut: false, records: { length: 25 } });
    const cut = await collect(10);
    expect(cut.isCut).toBe(true);
    expect(cut.records.map(({ seq }) => seq)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const records = Array.from({ length: 25 }, (_, index) => record('tool', index + 1, index));
    const { records: collected } = await collectRecords({
      types: ['tool'],
      read: historyOf(records, { size: 4, empties: false }),
      onProgress: () => stop.abort(),
      signal: stop.signal,
    });
    expect(collected).toHaveLength(4);
  });
});
