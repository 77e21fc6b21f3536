import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Journal } from '@mcp-acp/audit/journal';
import { expect, test } from 'vitest';
import { callTools, dump, hashesOf, historyScene, project } from './history-scene.ts';

const program = fileURLToPath(new URL('./fixtures/history-process.ts', import.meta.url));

/** Starts the process, and kills it some time after it has so many records more than it had at first. */
async function liveAndDie(home: string, records: number, meanwhile: () => Promise<void>): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close');
  const counts = (): number[] => [...said.matchAll(/"records":(\d+)/g)].map(([, count]) => Number(count));
  const enough = (): boolean => (counts().at(-1) ?? 0) - (counts()[0] ?? 0) >= records;
  while (!enough() && child.exitCode === null) {
    await meanwhile();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  child.kill('SIGKILL');
  await ended;
  return said;
}

test('[HISTORY-NO-GAP] whenever the process that writes the history is killed, it holds every record once', async () => {
  await using scene = historyScene();
  const proxies = [scene.proxy('files'), scene.proxy('mail'), scene.proxy('web')];
  const journals = proxies.map((proxy) => proxy.open());
  let written = 0;
  const write = async (): Promise<void> => {
    const journal = journals[written++ % journals.length] as Journal;
    await callTools(journal, 12);
  };
  for (let count = 0; count < 60; count++) await write();
  let said = '';
  for (const records of [1, 40, 150, 300, 500, 20]) said += await liveAndDie(scene.home, records, write);
  expect(said).not.toMatch(/tampered|corrupt|unavailable|taken_back/);
  for (const journal of journals) await journal.close('done');

  const database = await scene.database();
  const before = hashesOf(database);
  expect(new Set(before).size).toBe(before.length);
  expect(before.length).toBeGreaterThan(100);
  await project(scene.projector(database));
  const whole = await scene.database(`${scene.dbFile}.whole`);
  await project(scene.projector(whole));
  expect(dump(database)).toEqual(dump(whole));
  expect(hashesOf(database)).toHaveLength(journals.reduce((sum, journal) => sum + journal.written, 0));
  expect(database.client.pragma('integrity_check', { simple: true })).toBe('ok');
});
