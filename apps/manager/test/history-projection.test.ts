import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '@mcp-acp/audit/journal';
import { nodeDisk } from '@mcp-acp/audit/journal-disk';
import { readRecords } from '@mcp-acp/audit/read-records';
import { verifyJournal } from '@mcp-acp/audit/verify-journal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  callTools,
  deadProcess,
  decision,
  dump,
  type FakeProxy,
  type HistoryScene,
  hashesOf,
  historyScene,
  letDie,
  project,
  turn,
} from './history-scene.ts';

/** What the journals say, in the form of {@link hashesOf}. */
async function inJournals({ paths }: HistoryScene, proxies: readonly FakeProxy[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of proxies) {
    for await (const { instance, seq, hash } of readRecords(paths.auditDir(name))) {
      found.push(`${instance}.0001 ${seq} ${hash}`);
    }
  }
  return found.sort((a, b) => {
    const [[one = '', oneSeq], [other = '', otherSeq]] = [a.split(' '), b.split(' ')];
    return one === other ? Number(oneSeq) - Number(otherSeq) : one < other ? -1 : 1;
  });
}

/** In a file of its own, in one pass. */
async function inOnePass(scene: HistoryScene): Promise<Record<string, unknown[]>> {
  const file = join(scene.paths.db, 'whole.sqlite');
  const database = await scene.database(file);
  await project(scene.projector(database));
  const rows = dump(database);
  database.close();
  for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
  return rows;
}

const path = ({ paths }: HistoryScene, { name }: FakeProxy, journal: Journal): string =>
  join(paths.auditDir(name), `${journal.instance}.0001.jsonl`);

test('[HISTORY-NO-GAP] live journals, read in any steps by projectors that are ended anywhere, come to the same rows as in one pass', async () => {
  const act = fc.oneof(
    fc.record({
      act: fc.constant('write' as const),
      journal: fc.nat({ max: 4 }),
      calls: fc.nat({ max: 40 }),
    }),
    fc.record({ act: fc.constant('read' as const), steps: fc.nat({ max: 6 }) }),
    fc.record({ act: fc.constant('restart' as const) }),
    fc.record({
      act: fc.constant('end' as const),
      journal: fc.nat({ max: 4 }),
      how: fc.constantFrom('close', 'kill'),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
      await using scene = historyScene();
      const proxies = [scene.proxy('files'), scene.proxy('mail')];
      const of = (index: number): FakeProxy => proxies[index % 2] as FakeProxy;
      const journals = [0, 1, 2, 3, 4].map((index) => of(index).open({ process: deadProcess }));
      let database = await scene.database();
      let projector = scene.projector(database);
      const renew = async (): Promise<void> => {
        database.close();
        database = await scene.database();
        projector = scene.projector(database);
      };
      for (const drawn of acts) {
        if (drawn.act === 'write') await callTools(journals[drawn.journal] as Journal, drawn.calls);
        if (drawn.act === 'restart') await renew();
        if (drawn.act === 'read') {
          const pass = projector.pass();
          for (let steps = 0; steps < drawn.steps; steps++) await turn();
          projector.stop();
          await pass;
          projector = scene.projector(database);
        }
        if (drawn.act === 'end') {
          const journal = journals[drawn.journal] as Journal;
          if (drawn.how === 'close') {
            await journal.close('done');
            journals[drawn.journal] = of(drawn.journal).open({ process: deadProcess });
          } else {
            // Healing takes all streams for dead whose process is.
            const killed = [0, 1, 2, 3, 4].filter((index) => index % 2 === drawn.journal % 2);
            for (const index of killed) letDie(journals[index] as Journal);
            of(drawn.journal).heal();
            for (const index of killed) journals[index] = of(index).open({ process: deadProcess });
          }
        }
      }
      await project(projector);
      expect(hashesOf(database)).toEqual(await inJournals(scene, proxies));
      expect(projector.records).toBe(hashesOf(database).length);
      expect(projector.behindBytes).toBe(0);
      expect(dump(database)).toEqual(await inOnePass(scene));
      expect(scene.incidents).toEqual([]);
      for (const journal of journals) letDie(journal);
    }),
    { numRuns: 20 },
  );
});

describe('[HISTORY-VERIFIED] a stream that was tampered with', () => {
  test('is projected as far as it verifies, told once, and holds up no other', async () => {
    await using scene = historyScene();
    const files = scene.proxy('files');
    const mail = scene.proxy('mail');
    const journal = files.open();
    const other = mail.open();
    await callTools(journal, 30);
    const database = await scene.database();
    await project(scene.projector(database));
    const before = hashesOf(database).length;
    await callTools(journal, 30);
    await callTools(other, 10);
    await journal.close('done');
    const file = path(scene, files, journal);
    const lines = readFileSync(file, 'utf8').split('\n');
    const bad = before + 5;
    lines[bad - 1] = lines[bad - 1]?.replace('"proxyName":"files"', '"proxyName":"filez"') ?? '';
    writeFileSync(file, lines.join('\n'));
    const projector = scene.projector(database);
    await project(projector);
    const offset = Buffer.byteLength(lines.slice(0, bad - 1).join('\n')) + 1;
    expect(scene.incidents).toEqual([
      {
        proxy: { id: files.proxyId, name: 'files', instance: journal.instance },
        code: 'audit_tampered',
        detail: expect.stringContaining(`line ${bad}, byte ${offset}: its hash does not match`),
      },
    ]);
    const rows = hashesOf(database);
    expect(rows.filter((row) => row.startsWith(journal.instance))).toHaveLength(bad - 1);
    expect(rows.filter((row) => row.startsWith(other.instance)).length).toBeGreaterThan(10);
    await other.close('done');
    await project(scene.projector(database));
    expect(scene.incidents).toHaveLength(1);
    expect(database.client.prepare(`SELECT state FROM streams ORDER BY state`).pluck().all()).toEqual([
      'closed',
      'tampered',
    ]);
    expect(dump(database).incidents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ source: 'history', code: 'audit_tampered', proxy_name: 'files' }),
      ]),
    );
  });

  const ways: Record<string, (file: string, ledger: string) => void> = {
    'a stream that is gone': (file) => rmSync(file),
    'a stream cut after it was closed': (file) => writeFileSync(file, readFileSync(file).subarray(0, -300)),
    'something behind its end': (file) =>
      writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('{"')])),
    'a file the ledger does not know': (file) =>
      cpSync(file, file.replace(/inst_.{16}/, 'inst_zzzzzzzzzzzzzzzz')),
    'a ledger entry that was changed': (_, ledger) => {
      const entry = join(ledger, '00000001.json');
      writeFileSync(entry, readFileSync(entry, 'utf8').replace('"pid":', '"pid":1'));
    },
  };
  test.each(Object.entries(ways))(
    'is told as one where verifying the journal says so: %s',
    async (_, tamper) => {
      await using scene = historyScene();
      const proxy = scene.proxy('files');
      const journal = proxy.open();
      await callTools(journal, 10);
      await journal.close('done');
      tamper(path(scene, proxy, journal), join(scene.paths.auditDir('files'), 'ledger'));
      const database = await scene.database();
      await project(scene.projector(database));
      expect((await verifyJournal(scene.paths.auditDir('files'))).verdict).toBe('tampered');
      expect(scene.incidents.length).toBeGreaterThan(0);
      expect(scene.incidents.every(({ code }) => code === 'audit_tampered')).toBe(true);
      const told = scene.incidents.length;
      await project(scene.projector(database));
      expect(scene.incidents).toHaveLength(told);
    },
  );
});

describe('[HISTORY-TAKEN-BACK] records that had been read and are not in the journal any more', () => {
  test('go where a writer takes back what its disk did not take', async () => {
    await using scene = historyScene();
    const proxy = scene.proxy('files');
    let failing = 0;
    const journal = proxy.open({
      disk: {
        ...nodeDisk,
        write: (fd, bytes, position) =>
          nodeDisk.write(fd, failing-- > 0 ? bytes.subarray(0, bytes.length * 0.7) : bytes, position),
        truncate: (fd, size) => {
          if (failing-- > 0) throw Object.assign(new Error('EIO: injected'), { code: 'EIO' });
          nodeDisk.truncate(fd, size);
        },
      },
    });
    const database = await scene.database();
    const projector = scene.projector(database);
    const open = journal.append(decision({ tool: 'slow' }));
    await callTools(journal, 5);
    await project(projector);
    const before = hashesOf(database).length;
    failing = 2;
    journal.append({ type: 'outcome', decision: open, status: 'ok', durationMs: 5 });
    for (let count = 0; count < 8; count++) journal.append(decision({ tool: 'lost' }));
    await turn();
    await project(projector);
    // Part of what the disk did not take whole is in the file, and verifies.
    expect(hashesOf(database).length).toBeGreaterThan(before + 3);
    journal.append({ type: 'outcome', decision: open, status: 'tool_error', durationMs: 6 });
    await callTools(journal, 5);
    await project(projector);
    expect(hashesOf(database)).toEqual(await inJournals(scene, [proxy]));
    expect(scene.incidents).toEqual([]);
    expect(scene.log.map(({ event }) => event)).toContain('records_taken_back');
    await journal.close('done');
    await project(projector);
    expect(dump(database)).toEqual(await inOnePass(scene));
  });

  test('go where a power failure took them, and it is told', async () => {
    await using scene = historyScene();
    const proxy = scene.proxy('files');
    const journal = proxy.open({ process: deadProcess });
    await callTools(journal, 20);
    letDie(journal);
    const database = await scene.database();
    const projector = scene.projector(database);
    await project(projector);
    const seen = hashesOf(database).length;
    const file = path(scene, proxy, journal);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, 10).join('\n')}\n${lines[10]?.slice(0, 40)}`);
    await project(projector);
    // Whether anything else will come in their place is not known yet.
    expect(hashesOf(database)).toHaveLength(seen);
    proxy.heal();
    await project(projector);
    expect(hashesOf(database)).toEqual(await inJournals(scene, [proxy]));
    expect(hashesOf(database)).toHaveLength(11);
    expect(scene.incidents).toMatchObject([{ code: 'records_missing', proxy: { name: 'files' } }]);
    const { incidents: _, ...rows } = dump(database);
    expect(await inOnePass(scene)).toMatchObject(rows);
  });

  test('stay where anything else has come in their place', async () => {
    await using scene = historyScene();
    const proxy = scene.proxy('files');
    const journal = proxy.open();
    await callTools(journal, 20);
    const database = await scene.database();
    const projector = scene.projector(database);
    await project(projector);
    const rows = hashesOf(database);
    letDie(journal);
    const file = path(scene, proxy, journal);
    const lines = readFileSync(file, 'utf8').split('\n');
    const others = `${lines.slice(15, 20).join('\n')}\n${'x'.repeat(20_000)}`;
    writeFileSync(file, `${lines.slice(0, 10).join('\n')}\n${others}\n`);
    await project(projector);
    expect(hashesOf(database)).toEqual(rows);
    expect(scene.incidents).toMatchObject([{ code: 'audit_tampered' }]);
  });
});

test('[HISTORY-REMOVED] what a removed proxy left stays, is read from the archive, and is kept apart from a new one of its name', async () => {
  await using scene = historyScene();
  const first = scene.proxy('files');
  const journal = first.open();
  await callTools(journal, 10);
  const database = await scene.database();
  const projector = scene.projector(database);
  await project(projector);
  await callTools(journal, 10);
  await journal.close('done');
  const all = await inJournals(scene, [first]);
  const archived = join(scene.paths.archive, 'files_2026-01-02T03-04-05-678Z');
  mkdirSync(archived, { recursive: true });
  renameSync(scene.paths.proxyLogs('files'), join(archived, 'logs'));
  const second = scene.proxy('files');
  const next = second.open();
  await callTools(next, 3);
  await project(projector);
  const rows = hashesOf(database);
  expect(rows).toEqual(
    [...all, ...(await inJournals(scene, [second]))].sort((a, b) => rows.indexOf(a) - rows.indexOf(b)),
  );
  expect(rows).toHaveLength(all.length + (await inJournals(scene, [second])).length);
  expect(dump(database)).toEqual(await inOnePass(scene));
  // Deleted for good, they are in the history until they are too old.
  rmSync(scene.paths.archive, { recursive: true });
  await project(projector);
  expect(hashesOf(database)).toEqual(rows);
  expect(scene.incidents).toEqual([]);
  await next.close('done');
});

test('[HISTORY-NO-GAP] what could not be written, since the disk was full or another program held the database, is written later', async () => {
  await using scene = historyScene();
  const proxy = scene.proxy('files');
  const journal = proxy.open();
  const database = await scene.database();
  const projector = scene.projector(database);
  const other = await scene.database();
  await callTools(journal, 300);
  const pages = Number(database.client.pragma('page_count', { simple: true }));
  for (const more of [1, 3, 8]) {
    database.client.pragma(`max_page_count = ${pages + more}`);
    await expect(projector.pass()).rejects.toMatchObject({ code: 'SQLITE_FULL' });
  }
  database.client.pragma('max_page_count = 100000');
  other.client.exec('BEGIN IMMEDIATE');
  await expect(projector.pass()).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  other.client.exec('ROLLBACK');
  await project(projector);
  expect(projector.records).toBe(journal.written);
  expect(hashesOf(database)).toEqual(await inJournals(scene, [proxy]));
  await callTools(journal, 300);
  other.client.exec('BEGIN IMMEDIATE');
  await expect(projector.pass()).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  other.client.exec('ROLLBACK');
  await project(projector);
  expect(dump(database)).toEqual(await inOnePass(scene));
  letDie(journal);
});

test('a copy of a journal adds nothing and is no tampering', async () => {
  await using scene = historyScene();
  const proxy = scene.proxy('files');
  const journal = proxy.open();
  await callTools(journal, 10);
  cpSync(scene.paths.proxyLogs('files'), scene.paths.proxyLogs('copy'), { recursive: true });
  await callTools(journal, 10);
  const database = await scene.database();
  const projector = scene.projector(database);
  await project(projector);
  rmSync(scene.paths.proxyLogs('copy'), { recursive: true });
  cpSync(scene.paths.proxyLogs('files'), scene.paths.proxyLogs('another'), { recursive: true });
  await project(projector);
  const rows = hashesOf(database);
  expect(new Set(rows).size).toBe(rows.length);
  expect(scene.incidents).toEqual([]);
  expect(existsSync(path(scene, proxy, journal))).toBe(true);
  letDie(journal);
});
