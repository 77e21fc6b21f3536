import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPayloadStore } from '@mcp-acp/audit/payload-store';
import { takeProjectLock } from '@mcp-acp/db/project-lock';
import { newInstanceId } from '@mcp-acp/shared/ids';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { instanceStatus } from '@mcp-acp/testing/play-instance';
import { describe, expect, test } from 'vitest';
import type { History } from '../src/history/open-history.ts';
import { callTools, decision, type HistoryScene, historyScene, letDie, turn } from './history-scene.ts';

const query = { limit: 50 };

/** Looks at the state until it is the one wanted. */
async function until(history: History, state: string): Promise<void> {
  while (history.state().state !== state) await new Promise((resolve) => setTimeout(resolve, 20));
}

const events = ({ log }: HistoryScene): string[] => log.map(({ event }) => event);

test('[HISTORY-CURRENT] what a proxy writes is found soon, by being told of it or without', async () => {
  await using scene = historyScene();
  const journal = scene.proxy('files').open();
  const history = await scene.history({ pollMs: 600_000 });
  await until(history, 'current');
  expect(scene.states).toEqual(['current']);
  await callTools(journal, 4);
  history.wake('files');
  while (history.state().records < 8) await turn();
  expect((await history.records({ ...query, type: 'decision' })).records).toHaveLength(4);
  const another = scene.proxy('mail').open();
  history.wake('mail');
  while ((await history.records({ ...query, proxy: 'mail' })).records.length === 0) await turn();
  await history.close();
  const polling = await scene.history({ pollMs: 20 });
  await until(polling, 'current');
  await callTools(journal, 1);
  while ((await polling.records({ ...query, type: 'decision' })).records.length < 5) await turn();
  for (const open of [journal, another]) letDie(open);
});

test('[HISTORY-DETAIL] a record is read from its journal with its outcome and its arguments, and checked there', async () => {
  await using scene = historyScene();
  const proxy = scene.proxy('files');
  const instance = newInstanceId((length) => new Uint8Array(length).fill(3));
  const payloads = openPayloadStore({ dir: scene.paths.payloadsDir('files'), instance });
  const journal = proxy.open({ instance, payloads });
  const seq = journal.append(decision({ payload: payloads.add('{"path":"/tmp/x"}'), resource: 'file:///x' }));
  journal.append({ type: 'outcome', decision: seq, status: 'tool_error', durationMs: 2.5, size: 7 });
  await turn();
  await journal.close('done');
  payloads.close();
  const history = await scene.history();
  await history.settled();
  const ref = { proxy: 'files', instance, seq };
  expect(await history.record(ref)).toEqual({
    record: expect.objectContaining({
      seq,
      type: 'decision',
      resource: 'file:///x',
      prev: expect.any(String),
    }),
    outcome: expect.objectContaining({ seq: seq + 1, status: 'tool_error' }),
    payload: '{"path":"/tmp/x"}',
  });
  expect((await history.records({ ...query, type: 'decision' })).records).toEqual([
    expect.objectContaining({
      ...{ proxy: 'files', instance, seq, outcome: seq + 1, outcomeSize: 7, requestId: '1' },
      ...{ status: 'tool_error', durationMs: 2.5, evalMs: 0.012, client: 'Kläre 🙂' },
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    }),
  ]);
  expect(await history.record({ ...ref, seq: 99 })).toBeUndefined();
  expect(await history.record({ ...ref, proxy: 'mail' })).toBeUndefined();
  rmSync(scene.paths.payloadsDir('files'), { recursive: true });
  expect(await history.record(ref)).not.toHaveProperty('payload');
  const file = join(scene.paths.auditDir('files'), `${instance}.0001.jsonl`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('file:///x', 'file:///y'));
  await expect(history.record(ref)).rejects.toMatchObject({ code: 'audit_tampered' });
  await expect(history.record(ref)).rejects.toMatchObject({ code: 'audit_tampered' });
  expect(scene.incidents).toMatchObject([{ code: 'audit_tampered', proxy: { name: 'files', instance } }]);
  rmSync(scene.paths.proxyLogs('files'), { recursive: true });
  await expect(history.record(ref)).rejects.toMatchObject({ code: 'not_found' });
});

test('questions that are none are refused with a code', async () => {
  await using scene = historyScene();
  const history = await scene.history();
  await expect(history.records({ ...query, cursor: 'x' })).rejects.toMatchObject({ code: 'bad_request' });
  await expect(history.incidents({ ...query, cursor: 'x' })).rejects.toMatchObject({ code: 'bad_request' });
  const long = { since: 0, until: 1_501 * 60_000, bucketMinutes: 1 };
  await expect(history.series(long)).rejects.toMatchObject({ code: 'bad_request' });
  expect(await history.series({ ...long, bucketMinutes: 2 })).toEqual([]);
});

test('incidents of journals and of the history itself come in pages', async () => {
  await using scene = historyScene();
  const journal = scene.proxy('files').open();
  for (let count = 1; count <= 5; count++) {
    journal.append({ type: 'incident', code: 'payloads_unavailable', detail: `lost ${count}`, count });
  }
  await turn();
  const history = await scene.history();
  await history.settled();
  const first = await history.incidents({ limit: 3 });
  const second = await history.incidents({
    limit: 3,
    ...(first.cursor === undefined ? {} : { cursor: first.cursor }),
  });
  const all = [...first.incidents, ...second.incidents];
  expect(all.map(({ count }) => count).sort()).toEqual([1, 2, 3, 4, 5]);
  expect(all[0]).toMatchObject({ proxy: 'files', instance: journal.instance, code: 'payloads_unavailable' });
  expect(second.cursor).toBeUndefined();
  expect((await history.incidents({ limit: 3, proxy: 'mail' })).incidents).toEqual([]);
  history.keepIncident({ code: 'unlock_refused', detail: 'A code was used twice.' });
  expect((await history.incidents({ limit: 1 })).incidents).toEqual([
    {
      code: 'unlock_refused',
      detail: 'A code was used twice.',
      time: expect.any(String),
      id: expect.stringMatching(/^manager /),
      unread: true,
      critical: false,
    },
  ]);
  letDie(journal);
});

describe('[HISTORY-DATABASE-CORRUPT] a broken database', () => {
  test('is set aside at start, said in the log, and made anew from the journals', async () => {
    await using scene = historyScene();
    const journal = scene.proxy('files').open();
    await callTools(journal, 20);
    const history = await scene.history();
    await history.settled();
    const before = (await history.records({ limit: 200 })).records;
    await history.close();
    writeFileSync(scene.dbFile, 'no database');
    const next = await scene.history();
    await next.settled();
    expect((await next.records({ limit: 200 })).records).toEqual(before);
    expect(
      readdirSync(scene.paths.db).filter((name) => /^history\.sqlite\.corrupt-\d{4}-/.test(name)),
    ).toHaveLength(1);
    expect(scene.log).toContainEqual({
      event: 'history_corrupt',
      fields: expect.objectContaining({ aside: expect.stringContaining('.corrupt-') }),
    });
    letDie(journal);
  });

  test('found out while it is used is set aside too', async () => {
    await using scene = historyScene();
    const journal = scene.proxy('files').open();
    await callTools(journal, 200);
    const history = await scene.history();
    await history.settled();
    const { records } = history.state();
    await history.close();
    const bytes = readFileSync(scene.dbFile);
    // The first page, and so the schema, is whole.
    writeFileSync(scene.dbFile, bytes.fill(0xff, 4096));
    const next = await scene.history();
    await callTools(journal, 1);
    while (!events(scene).includes('history_corrupt')) {
      await next
        .records(query)
        .catch((error) => expect(error).toMatchObject({ code: 'history_unavailable' }));
      await turn();
    }
    await next.settled();
    expect(next.state()).toMatchObject({ state: 'current', behindBytes: 0 });
    expect(next.state().records).toBeGreaterThan(records);
    letDie(journal);
  });

  test('that was deleted while it is used is made anew', async () => {
    await using scene = historyScene();
    const journal = scene.proxy('files').open();
    const history = await scene.history();
    await history.settled();
    rmSync(scene.dbFile);
    await history.settled();
    expect(events(scene)).toContain('history_lost');
    expect((await history.records(query)).records).toHaveLength(1);
    letDie(journal);
  });
});

describe('[HISTORY-UNAVAILABLE] a history that cannot be used', () => {
  const refused = async (history: History, code: string): Promise<void> => {
    expect(history.state()).toMatchObject({ state: 'unavailable', records: 0, problem: expect.any(String) });
    await expect(history.records(query)).rejects.toMatchObject({ code });
    await expect(history.incidents(query)).rejects.toMatchObject({ code });
    await expect(
      history.rebuild(new AbortController().signal)[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code });
    // What lives beside it goes on.
    history.events.append([
      { id: `${history.events.series}.1`, event: { type: 'resync', time: '2026-01-01T00:00:00.000Z' } },
    ]);
    expect(history.events.after(`${history.events.series}.1`, 5)).toBeUndefined();
    expect(history.memory.lastSessions().size).toBe(0);
  };

  test('since it is locked, is opened as soon as it is not', async () => {
    await using scene = historyScene();
    await scene.database().then((database) => database.close());
    const holder = await scene.database();
    holder.client.pragma('locking_mode = EXCLUSIVE');
    holder.client.exec('BEGIN EXCLUSIVE');
    const history = await scene.history();
    await refused(history, 'history_unavailable');
    holder.close();
    await until(history, 'current');
    expect((await history.records(query)).records).toEqual([]);
    expect(history.state().problem).toBeUndefined();
  });

  test('since another process writes it, is opened as soon as that has ended', async () => {
    await using scene = historyScene();
    const lock = await takeProjectLock(scene.dbFile);
    const history = await scene.history();
    await refused(history, 'history_unavailable');
    lock?.release();
    await until(history, 'current');
  });

  test('since SQLite is missing, says what to install', async () => {
    await using scene = historyScene();
    const missing = 'better-sqlite3-that-is-not-there';
    const history = await scene.history({ load: () => import(missing) });
    await refused(history, 'history_unavailable');
    await expect(history.records(query)).rejects.toMatchObject({
      fix: expect.stringContaining('npm install better-sqlite3'),
    });
    expect(events(scene)).toEqual(['history_unavailable']);
  });

  test('since a newer version wrote it, is left alone', async () => {
    await using scene = historyScene();
    const database = await scene.database();
    database.client.pragma('user_version = 99');
    database.close();
    await refused(await scene.history(), 'format_too_new');
    expect(readdirSync(scene.paths.db).filter((name) => name.includes('corrupt'))).toEqual([]);
  });
});

describe('[EVENT-LOG] beside the records', () => {
  const event = (instance?: string): LiveEvent =>
    instance === undefined
      ? { type: 'sessions_changed', time: '2026-01-01T00:00:00.000Z' }
      : {
          ...{ type: 'tools_changed', time: '2026-01-01T00:00:00.000Z', tools: 3 },
          proxy: { id: 'px_aaaaaaaaaaaaaaaa' as never, name: 'files', instance: instance as never },
        };

  test('events, the newest of each instance and last sessions outlive the manager', async () => {
    await using scene = historyScene();
    const over = scene.proxy('files').open();
    const runs = scene.proxy('mail').open();
    const history = await scene.history();
    const { series } = history.events;
    history.events.append([
      { id: `${series}.1`, event: event() },
      { id: `${series}.2`, event: event(over.instance), source: `${over.instance}.4` },
      { id: `${series}.3`, event: event(runs.instance), source: `${runs.instance}.9` },
    ]);
    const status = instanceStatus('files', over.instance);
    history.memory.keep('files', { status, connection: 'disconnected', connectedSince: status.startedAt });
    await over.close('done');
    await history.settled();
    await history.close();

    const next = await scene.history();
    expect(Number(next.events.series)).toBeGreaterThan(Number(series));
    next.events.append([{ id: `${next.events.series}.1`, event: event() }]);
    expect(next.events.after(`${series}.1`, 10)?.map(({ id }) => id)).toEqual([
      `${series}.2`,
      `${series}.3`,
      `${next.events.series}.1`,
    ]);
    expect(next.events.lastSource(runs.instance)).toBe(`${runs.instance}.9`);
    expect(next.events.lastSource(over.instance)).toBeUndefined();
    expect(next.events.after('nonsense', 10)).toBeUndefined();
    expect(next.memory.lastSessions().get('files')).toMatchObject({
      connection: 'disconnected',
      status: { name: 'files' },
    });
    letDie(runs);
  });

  test('a session that nobody kept is known to have ended once its journal is read', async () => {
    await using scene = historyScene();
    const proxy = scene.proxy('files');
    const over = proxy.open();
    const history = await scene.history();
    await history.settled();
    expect(history.memory.lastEnd(proxy.proxyId)).toBeUndefined();
    await over.close('done');
    await history.settled();
    const { records } = await history.records({ ...query, type: 'session' });
    expect(history.memory.lastEnd(proxy.proxyId)).toBe(records[0]?.time);
    expect(history.memory.lastSessions().size).toBe(0);
  });

  test('what could not be written leaves no hole that nobody is told of', async () => {
    await using scene = historyScene();
    const history = await scene.history();
    const { series } = history.events;
    history.events.append([{ id: `${series}.1`, event: event() }]);
    const holder = await scene.database();
    holder.client.exec('BEGIN IMMEDIATE');
    history.events.append([{ id: `${series}.2`, event: event() }]);
    expect(history.events.after(`${series}.1`, 10)).toBeUndefined();
    holder.client.exec('ROLLBACK');
    expect(history.events.after(`${series}.1`, 10)?.map(({ id }) => id)).toEqual([`${series}.2`]);
    holder.client.exec('BEGIN IMMEDIATE');
    const many = Array.from({ length: 6_000 }, (_, at) => ({ id: `${series}.${at + 3}`, event: event() }));
    history.events.append(many);
    holder.client.exec('ROLLBACK');
    history.events.append([{ id: `${series}.7000`, event: event() }]);
    expect(history.events.after(`${series}.2`, 10)).toBeUndefined();
    expect(history.events.after(`${series}.7000`, 10)).toEqual([]);
  });
});
