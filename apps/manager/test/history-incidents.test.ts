import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import type { IncidentPage, IncidentQuery } from '@mcp-acp/api/ports/history';
import { newInstanceId, newProxyId } from '@mcp-acp/shared/ids';
import { expect, test } from 'vitest';
import { createReadMarks, mostMarks, noMarks } from '../src/access/read-marks.ts';
import type { History } from '../src/history/open-history.ts';
import { historyScene, turn } from './history-scene.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(9);
const proxyId = newProxyId(bytes);
const instance = newInstanceId(bytes);
const line = (minute: number, more: object = {}): string =>
  `${JSON.stringify({
    time: `2026-11-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
    code: 'internal',
    detail: `crash ${minute}`,
    proxyId,
    proxyName: 'files',
    instance,
    ...more,
  })}\n`;

async function all(history: History, query: Partial<IncidentQuery> = {}): Promise<IncidentPage> {
  return history.incidents({ limit: 200, ...query });
}
const details = ({ incidents }: IncidentPage): string[] => incidents.map(({ detail }) => detail);

test('[HISTORY-INCIDENT-FILES] what was written where no journal could be is among the incidents, once, and told as it comes', async () => {
  await using scene = historyScene();
  const { bootstrap, crashes, emergency } = scene.paths.incidents;
  mkdirSync(scene.paths.incidentsDir, { recursive: true });
  writeFileSync(
    crashes,
    `${line(1)}no json\n{"code":"internal"}\n${line(2, { code: 'no_such_code' })}${line(3)}`,
  );
  // Written over in place: slots of one length, most of them blank.
  const slot = (text: string): string => `${text.trimEnd().padEnd(511)}\n`;
  writeFileSync(
    emergency,
    slot(line(4, { code: 'journal_unavailable', detail: 'full' })) + slot('').repeat(3),
  );
  writeFileSync(bootstrap, line(5, { code: 'config_invalid', proxyId: undefined, instance: undefined }));
  const history = await scene.history({ pollMs: 20 });
  await history.settled();
  const page = await all(history);
  expect(details(page)).toEqual(['crash 5', 'full', 'crash 3', 'crash 1']);
  expect(page.incidents[0]).toMatchObject({ proxy: 'files', code: 'config_invalid', critical: false });
  expect(page.incidents[1]).toMatchObject({ proxy: 'files', instance, critical: true, unread: true });
  // What was there before is not news.
  expect(scene.incidents).toEqual([]);
  const half = line(6);
  appendFileSync(crashes, half.slice(0, 40));
  await history.settled();
  expect(await all(history)).toEqual(page);
  appendFileSync(crashes, half.slice(40));
  while (scene.incidents.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(scene.incidents).toEqual([
    { proxy: { id: proxyId, name: 'files', instance }, code: 'internal', detail: 'crash 6' },
  ]);
  await history.close();
  const again = await scene.history();
  await again.settled();
  expect(details(await all(again))).toEqual(['crash 6', ...details(page)]);
});

test('[HISTORY-INCIDENT-FILES] a file that is no file, or is larger than is read at once, holds nothing up', async () => {
  await using scene = historyScene();
  mkdirSync(scene.paths.incidents.bootstrap, { recursive: true });
  const long = line(1, { detail: 'x'.repeat(600 * 1024) });
  writeFileSync(scene.paths.incidents.crashes, `${line(0)}${long}${line(2)}`);
  const history = await scene.history();
  await history.settled();
  expect(details(await all(history))).toEqual(['crash 2']);
});

test('[HISTORY-INCIDENTS-READ] what was seen is not unread any more, and nothing that is to come is', async () => {
  await using scene = historyScene();
  mkdirSync(scene.paths.incidentsDir, { recursive: true });
  writeFileSync(
    scene.paths.incidents.crashes,
    Array.from({ length: 40 }, (_, minute) =>
      line(minute, minute % 2 === 0 ? {} : { proxyName: 'mail' }),
    ).join(''),
  );
  const history = await scene.history();
  await history.settled();
  const before = await all(history);
  expect(before.unread).toBe(40);
  const [newest, second] = before.incidents;
  await history.readIncidents({ ids: [second?.id ?? '', 'no such incident'] });
  expect((await all(history)).unread).toBe(39);
  expect(details(await all(history, { unreadOnly: true, proxy: 'files', limit: 2 }))).toEqual([
    'crash 36',
    'crash 34',
  ]);
  expect(details(await all(history, { since: Date.parse(newest?.time ?? '') }))).toEqual(['crash 39']);
  expect(details(await all(history, { code: 'audit_tampered' }))).toEqual([]);
  await history.readIncidents({ until: Date.parse('2026-11-01T00:10:00Z') });
  expect((await all(history)).unread).toBe(28);
  // A time that has not come yet would hide what happens until then.
  await history.readIncidents({ until: Number.MAX_SAFE_INTEGER });
  expect((await all(history)).unread).toBe(0);
  await turn();
  history.keepIncident({ code: 'unlock_refused', detail: 'twice' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  history.keepIncident({ code: 'audit_tampered', detail: 'changed' });
  expect(await all(history, { unreadOnly: true, limit: 1 })).toMatchObject({
    incidents: [{ code: 'audit_tampered', critical: true }],
  });
});

test('[HISTORY-INCIDENTS-READ] however much is marked, the marks are bounded and say nothing that was not said', () => {
  let changes = 0;
  const marks = createReadMarks({ stored: noMarks, now: () => 1_000, onChanged: () => changes++ });
  const same = <T>(marks: T): T => marks;
  for (let round = 0; round < 10; round++) {
    const ids = Array.from({ length: 100 }, (_, at) => `id ${round * 100 + at}`);
    marks.seen(ids, same);
    marks.seen(ids, same);
  }
  expect(changes).toBe(10);
  expect(marks.now().ids).toHaveLength(mostMarks);
  expect(marks.now().ids.at(-1)).toBe('id 999');
  marks.seen(['one more'], ({ ids }) => ({ until: 5_000, ids: ids.slice(-1) }));
  expect(marks.now()).toEqual({ until: 1_000, ids: ['one more'] });
});
