import { readdirSync, writeFileSync } from 'node:fs';
import type { RebuildProgress } from '@mcp-acp/api/ports/history';
import { instanceStatus } from '@mcp-acp/testing/play-instance';
import { describe, expect, test } from 'vitest';
import type { History } from '../src/history/open-history.ts';
import { rebuildHistory } from '../src/history/rebuild-history.ts';
import { callTools, dump, type HistoryScene, historyScene, letDie, turn } from './history-scene.ts';

async function all(progress: AsyncIterable<RebuildProgress>): Promise<RebuildProgress[]> {
  const told: RebuildProgress[] = [];
  for await (const one of progress) told.push(one);
  return told;
}

/** The rows of the file, while nobody has it open. */
async function rows(scene: HistoryScene): Promise<Record<string, unknown[]>> {
  const database = await scene.database();
  const found = dump(database);
  database.close();
  return found;
}

const never = new AbortController().signal;
const files = ({ paths }: HistoryScene): string[] => readdirSync(paths.db).sort();

/** A home with journals that are closed, torn and tampered with, and one that is written. */
async function eventful(scene: HistoryScene) {
  const mail = scene.proxy('mail');
  const closed = mail.open();
  await callTools(closed, 40);
  await closed.close('done');
  const live = scene.proxy('files').open();
  await callTools(live, 40);
  const history = await scene.history();
  await history.settled();
  // Found once the history was there, so that a time of its own belongs to it.
  const broken = mail.open();
  await callTools(broken, 10);
  await broken.close('done');
  writeFileSync(`${scene.paths.auditDir('mail')}/${broken.instance}.0001.jsonl`, 'nothing\n');
  await history.settled();
  expect(scene.incidents).toHaveLength(1);
  const { series } = history.events;
  history.events.append([
    { id: `${series}.1`, event: { type: 'sessions_changed', time: '2026-01-01T00:00:00.000Z' } },
  ]);
  const status = instanceStatus('files', live.instance);
  history.memory.keep('files', { status, connection: 'disconnected', connectedSince: status.startedAt });
  return { history, live, series };
}

describe('[HISTORY-REBUILD] the history made anew', () => {
  test('has the identical rows, tells how far it is, and keeps what no journal holds', async () => {
    await using scene = historyScene();
    const { history, live, series } = await eventful(scene);
    await history.close();
    const before = await rows(scene);
    const again = await scene.history();
    await again.settled();
    const told = await all(again.rebuild(never));
    const last = told.at(-1);
    expect(last).toMatchObject({ records: again.state().records, doneBytes: last?.totalBytes });
    expect(last?.totalBytes).toBeGreaterThan(20_000);
    expect(again.events.after(`${series}.1`, 5)).toEqual([]);
    expect([...again.memory.lastSessions().keys()]).toEqual(['files']);
    expect(scene.states.slice(-2)).toEqual(['rebuilding', 'catching_up']);
    await again.settled();
    await again.close();
    expect(files(scene)).toEqual(['history.sqlite', 'history.sqlite.lock']);
    expect(await rows(scene)).toEqual(before);
    expect(scene.incidents).toHaveLength(1);
    letDie(live);
  });

  test('is not used where it was interrupted: the old one goes on', async () => {
    await using scene = historyScene();
    const { history, live } = await eventful(scene);
    const { records } = history.state();
    const stop = new AbortController();
    const told = all(history.rebuild(stop.signal));
    await turn();
    expect(history.state()).toMatchObject({ state: 'rebuilding' });
    expect((await history.records({ limit: 5 })).records).toHaveLength(5);
    await expect(all(history.rebuild(never))).rejects.toMatchObject({ code: 'history_unavailable' });
    stop.abort();
    expect((await told).every(({ doneBytes, totalBytes }) => doneBytes < totalBytes)).toBe(true);
    await history.settled();
    expect(history.state()).toMatchObject({ state: 'current', records });
    // One who does not want to hear more of it has interrupted it, too.
    for await (const _ of history.rebuild(never)) break;
    await history.settled();
    expect(history.state().state).toBe('current');
    expect(files(scene).filter((name) => name.includes('rebuild'))).toEqual([]);
    letDie(live);
  });

  test('is not used where another program reads the old one', async () => {
    await using scene = historyScene();
    const { history, live } = await eventful(scene);
    const { records } = history.state();
    const reader = await scene.database();
    reader.client.exec('BEGIN');
    reader.client.prepare('SELECT * FROM records').all();
    await expect(all(history.rebuild(never))).rejects.toMatchObject({ code: 'history_unavailable' });
    reader.close();
    await history.settled();
    expect(history.state()).toMatchObject({ state: 'current', records });
    expect(files(scene).filter((name) => name.includes('rebuild'))).toEqual([]);
    letDie(live);
  });

  test('in the process that asks, where no manager runs, and only there', async () => {
    await using scene = historyScene();
    const { history, live } = await eventful(scene);
    const { records } = history.state();
    const options = { ...scene.projectorOptions, dbFile: scene.dbFile };
    await expect(all(rebuildHistory(options, never))).rejects.toMatchObject({ code: 'history_unavailable' });
    await history.close();
    writeFileSync(`${scene.dbFile}.rebuild`, 'left by one that was killed');
    expect((await all(rebuildHistory(options, never))).at(-1)).toMatchObject({ records });
    writeFileSync(scene.dbFile, 'broken');
    expect((await all(rebuildHistory(options, never))).at(-1)).toMatchObject({ records });
    letDie(live);
  });

  test('while proxies write holds every record once', async () => {
    await using scene = historyScene();
    const { history, live } = await eventful(scene);
    const stop = { now: false };
    const writing = (async () => {
      while (!stop.now) await callTools(live, 3);
    })();
    const rebuilt = async (of: History): Promise<void> => void (await all(of.rebuild(never)));
    for (let count = 0; count < 3; count++) await rebuilt(history);
    stop.now = true;
    await writing;
    await history.settled();
    const seen = new Set<number>();
    let cursor: string | undefined;
    do {
      const page = await history.records({
        limit: 200,
        instance: live.instance,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const { seq } of page.records) seen.add(seq);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen.size).toBe(live.written);
    letDie(live);
  });
});
