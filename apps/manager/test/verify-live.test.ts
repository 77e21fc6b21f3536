import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerifyStep } from '@mcp-acp/api/ports/files';
import type { Journal } from '@mcp-acp/audit/journal';
import { expect, test } from 'vitest';
import { createDiskUsage } from '../src/files/disk-usage.ts';
import { createVerifyServices } from '../src/files/verify-services.ts';
import { callTools, decision, type HistoryScene, historyScene, turn } from './history-scene.ts';

/** Enough for a verification that takes several pieces. */
async function longJournal(scene: HistoryScene, name = 'files'): Promise<Journal> {
  const journal = scene.proxy(name).open();
  for (let round = 0; round < 20; round++) {
    for (let count = 0; count < 500; count++) journal.append(decision({ resource: 'x'.repeat(200) }));
    await turn();
  }
  await journal.close('done');
  configured(scene, name);
  return journal;
}

function configured({ paths }: HistoryScene, name: string): void {
  mkdirSync(paths.proxyDir(name), { recursive: true });
  writeFileSync(paths.proxyConfig(name), '{}');
}

async function all(steps: AsyncIterable<VerifyStep>): Promise<VerifyStep[]> {
  const seen: VerifyStep[] = [];
  for await (const step of steps) seen.push(step);
  return seen;
}

test('[AUDIT-LIVE] a journal is verified with its progress told, and a verdict at the end', async () => {
  await using scene = historyScene();
  const { instance } = await longJournal(scene);
  const found: string[] = [];
  const { verifyAudit, verifyAuditLive } = createVerifyServices(scene.paths, ({ proxyName, detail }) =>
    found.push(`${proxyName}: ${detail}`),
  );
  const { signal } = new AbortController();
  const steps = await all(verifyAuditLive('files', signal));
  const last = steps.pop();
  expect(last).toEqual({ type: 'verdict', verdict: await verifyAudit('files') });
  expect(last).toMatchObject({ verdict: { verdict: 'ok', records: 10_002 } });
  let done = 0;
  for (const step of steps) {
    if (step.type !== 'progress') throw new Error('a verdict before the end');
    expect(step.doneBytes).toBeGreaterThanOrEqual(done);
    expect(step.doneBytes).toBeLessThanOrEqual(step.totalBytes);
    done = step.doneBytes;
  }
  const file = join(scene.paths.auditDir('files'), `${instance}.0001.jsonl`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('xxxx', 'xxxy'));
  expect((await all(verifyAuditLive('files', signal))).at(-1)).toMatchObject({
    verdict: { verdict: 'tampered', streams: [{ problem: { line: expect.any(Number) } }] },
  });
  expect(found).toEqual([expect.stringMatching(/^files: inst_\w+\.0001\.jsonl, line \d+, byte \d+: .+\.$/)]);
  expect(() => verifyAuditLive('none', signal)).toThrow(/no proxy named "none"/);
});

test('[AUDIT-LIVE] other work has its turn meanwhile, few run at once, and whoever leaves ends it', async () => {
  await using scene = historyScene();
  await longJournal(scene);
  const { verifyAuditLive } = createVerifyServices(scene.paths, () => undefined);
  const leave = new AbortController();
  const stopped = all(verifyAuditLive('files', leave.signal));
  const second = all(verifyAuditLive('files', new AbortController().signal));
  const third = verifyAuditLive('files', leave.signal)[Symbol.asyncIterator]();
  await expect(third.next()).rejects.toMatchObject({ code: 'too_many_requests' });
  let turns = 0;
  const state = { over: false };
  void second.finally(() => {
    state.over = true;
  });
  leave.abort();
  while (!state.over) {
    turns++;
    await turn();
  }
  expect(turns).toBeGreaterThan(2);
  expect((await stopped).filter(({ type }) => type === 'verdict')).toEqual([]);
  expect((await second).at(-1)).toMatchObject({ verdict: { verdict: 'ok' } });
  expect((await all(verifyAuditLive('files', new AbortController().signal))).at(-1)?.type).toBe('verdict');
});

test('[STORAGE-SHOWN] what lies on the disk is counted by what it is, and no link is followed', async () => {
  await using scene = historyScene();
  const { paths } = scene;
  const journal = scene.proxy('files').open();
  await callTools(journal, 10);
  await journal.close('done');
  mkdirSync(paths.payloadsDir('files'), { recursive: true });
  writeFileSync(join(paths.payloadsDir('files'), 'a.jsonl'), 'x'.repeat(1_000));
  appendFileSync(paths.systemLog('files'), 'y'.repeat(300));
  mkdirSync(join(paths.archive, 'old', 'deeper'), { recursive: true });
  writeFileSync(join(paths.archive, 'old', 'deeper', 'z'), 'z'.repeat(77));
  mkdirSync(join(paths.logs, 'manager'), { recursive: true });
  writeFileSync(paths.managerSystemLog, 'm'.repeat(44));
  writeFileSync(scene.dbFile, 'd'.repeat(55));
  symlinkSync('/', join(paths.logs, 'manager', 'everything'));
  mkdirSync(join(paths.logs, 'proxies', 'no proxy!'));
  const storage = createDiskUsage(paths);
  const [one, other] = await Promise.all([storage(), storage()]);
  expect(one).toBe(other);
  expect(one).toMatchObject({ history: 55, archive: 77, manager: 44 });
  expect(one.proxies).toEqual([{ name: 'files', journals: expect.any(Number), payloads: 1_000, other: 300 }]);
  expect(one.proxies[0]?.journals).toBeGreaterThan(1_000);
});
