import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import DatabaseOf from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createEventRows } from '../src/event-rows.ts';
import { createIncidentRows } from '../src/incidents.ts';
import { countRecords } from '../src/positions.ts';
import { createProxyRows } from '../src/proxy-rows.ts';
import { carryOver, removeDatabase, replaceDatabase } from '../src/replace-database.ts';
import { createRecordWriter } from '../src/write-records.ts';
import { batch, begin, decision, fakeStream, placed, workshop } from './workshop.ts';

const event = (epoch: number, n: number) => ({ epoch, n, time: begin + n, json: `{"n":${n}}` });
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('[EVENT-LOG] events follow one another over starts, as far as they are kept', async () => {
  await using shop = await workshop();
  const database = await shop.open();
  const rows = createEventRows(database, 100);
  rows.append(range(1, 60).map((n) => event(1, n)));
  rows.append(
    range(1, 30).map((n) => event(2, n)),
    new Map([['inst_a', 'inst_a.7']]),
  );
  const numbers = (list: ReturnType<typeof rows.after>) => list?.map(({ epoch, n }) => `${epoch}.${n}`);
  expect(numbers(rows.after(1, 58, 4))).toEqual(['1.59', '1.60', '2.1', '2.2']);
  expect(rows.after(2, 30, 10)).toEqual([]);
  expect(rows.after(1, 61, 10)).toBeUndefined();
  rows.append(range(31, 80).map((n) => event(2, n)));
  // Beyond what is kept, the oldest have gone, and nothing is told as if it followed them.
  expect(rows.after(1, 30, 10)).toBeUndefined();
  expect(numbers(rows.after(1, 41, 2))).toEqual(['1.42', '1.43']);
  expect(database.client.prepare('SELECT count(*) FROM events').pluck().get()).toBe(100);
  expect(rows.remembered()).toEqual(new Map([['inst_a', 'inst_a.7']]));
  rows.forget(['inst_a', 'inst_b']);
  expect(rows.remembered().size).toBe(0);
  rows.clear();
  expect(rows.after(2, 80, 1)).toBeUndefined();
});

test('[EVENT-LOG] each start has a number greater than any before, even where the database was lost', async () => {
  await using shop = await workshop();
  const rows = createEventRows(await shop.open(), 100);
  const first = rows.nextEpoch(begin);
  expect(rows.nextEpoch(begin)).toBe(first + 1);
  expect(rows.nextEpoch(begin - 1_000_000)).toBe(first + 2);
  await using fresh = await workshop();
  expect(createEventRows(await fresh.open(), 100).nextEpoch(begin + 5_000)).toBe(first + 5);
});

test('proxies are remembered with the figures of their last session', async () => {
  await using shop = await workshop();
  const rows = createProxyRows(await shop.open());
  rows.seen({ id: 'px_a', name: 'files', time: 5, session: '{"a":1}' });
  rows.seen({ id: 'px_b', name: 'mail', time: 6 });
  rows.seen({ id: 'px_a', name: 'files', time: 3 });
  rows.seen({ id: 'px_a', name: 'renamed', time: 9, session: '{"a":2}' });
  expect(rows.all()).toEqual([
    { id: 'px_b', name: 'mail', firstSeen: 6, lastSeen: 6, session: null },
    { id: 'px_a', name: 'renamed', firstSeen: 3, lastSeen: 9, session: '{"a":2}' },
  ]);
  rows.forget('px_b');
  expect(rows.all()).toHaveLength(1);
});

test('incidents are told once and come in pages, newest first', async () => {
  await using shop = await workshop();
  const rows = createIncidentRows(await shop.open());
  const incident = { source: 'history', code: 'audit_tampered', detail: 'line 3' } as const;
  for (const n of range(1, 7)) {
    expect(
      rows.add({
        ...incident,
        id: `i${n}`,
        time: Math.floor(n / 2),
        proxyName: n % 3 === 0 ? 'mail' : 'files',
      }),
    ).toBe(true);
  }
  expect(rows.add({ ...incident, id: 'i3', time: 99 })).toBe(false);
  const first = rows.page({ limit: 4 });
  expect(first.rows.map(({ id }) => id)).toEqual(['i7', 'i6', 'i5', 'i4']);
  const second = rows.page({ limit: 4, ...(first.next === undefined ? {} : { before: first.next }) });
  expect(second.rows.map(({ id }) => id)).toEqual(['i3', 'i2', 'i1']);
  expect(second.next).toBeUndefined();
  expect(rows.page({ limit: 9, proxy: 'mail' }).rows.map(({ id }) => id)).toEqual(['i6', 'i3']);
});

test('a history that was made anew takes the place of the old one, and what no journal holds goes with it', async () => {
  await using shop = await workshop();
  const old = await shop.open();
  const stream = fakeStream(0, 0);
  const records = placed(stream, [
    [begin, decision()],
    [begin, { type: 'incident', code: 'journal_unavailable', detail: 'EIO' }],
  ]);
  createRecordWriter(old).write([batch(stream, records, [0, 2])]);
  createProxyRows(old).seen({ id: 'px_a', name: 'files', time: 5 });
  createEventRows(old, 10).append([event(1, 1)], new Map([['inst_a', 'inst_a.1']]));
  createIncidentRows(old).add({ id: 'x', time: 1, source: 'history', code: 'audit_tampered', detail: 'x' });
  const freshFile = join(shop.folder, 'history.sqlite.rebuild');
  const fresh = await shop.open({ file: freshFile });
  createRecordWriter(fresh).write([batch(stream, records, [0, 1])]);
  carryOver(old, fresh);
  carryOver(old, fresh);
  replaceDatabase(fresh, old);
  expect(readdirSync(shop.folder)).toEqual(['history.sqlite']);
  const now = await shop.open();
  expect(countRecords(now)).toBe(1);
  expect(createProxyRows(now).all()).toHaveLength(1);
  expect(createEventRows(now, 10).after(1, 1, 5)).toEqual([]);
  expect(
    createIncidentRows(now)
      .page({ limit: 5 })
      .rows.map(({ id }) => id),
  ).toEqual(['x']);
});

test('a history that another program reads is not replaced', async () => {
  await using shop = await workshop();
  const old = await shop.open();
  createRecordWriter(old).tidy();
  const reader = new DatabaseOf(shop.file);
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM records').all();
  const freshFile = join(shop.folder, 'history.sqlite.rebuild');
  const fresh = await shop.open({ file: freshFile });
  expect(() => replaceDatabase(fresh, old)).toThrowError(
    expect.objectContaining({ code: 'history_unavailable' }),
  );
  expect(old.client.open || fresh.client.open).toBe(false);
  reader.close();
  removeDatabase(freshFile);
  expect(existsSync(freshFile)).toBe(false);
  expect(countRecords(await shop.open())).toBe(0);
});
