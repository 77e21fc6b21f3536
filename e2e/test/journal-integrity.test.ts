import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { verifyJournal } from '@mcp-acp/audit/verify-journal';
import type { JournalRecord } from '@mcp-acp/shared/journal-record';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { streamFiles } from '../resources/journal.ts';
import { TempHome } from '../resources/temp-home.ts';

/** A home whose proxy has lived two short lives. */
async function livedHome(): Promise<TempHome> {
  const home = new TempHome();
  home.addProxy('p', { backend: plainServer(), payloads: 'none' });
  for (let life = 0; life < 2; life++) {
    await using client = home.start('p');
    await client.initialize();
    for (let id = 1; id <= 3; id++) await client.call('echo', { message: `call ${id}` }, id);
    await client.end();
  }
  return home;
}

const verdictOf = async (home: TempHome): Promise<string> =>
  (await verifyJournal(home.paths.auditDir('p'))).verdict;
const verifyCommand = (home: TempHome) => runCommand(home, ['audit', 'verify', '--proxy', 'p', '--json']);

/** Applies a change to a copy of the journal and returns what verifying says. */
async function afterChange(
  home: TempHome,
  change: (copy: TempHome, stream: string) => void,
): Promise<string> {
  await using copy = new TempHome();
  cpSync(home.home, copy.home, { recursive: true });
  change(copy, streamFiles(copy, 'p')[0] ?? '');
  return await verdictOf(copy);
}

const rewritten = (edit: (bytes: Buffer) => Buffer) => (_: TempHome, stream: string) =>
  writeFileSync(stream, edit(readFileSync(stream)));
const withLines = (edit: (lines: string[]) => string[]) =>
  rewritten((bytes) =>
    Buffer.from(
      edit(bytes.toString('utf8').trimEnd().split('\n'))
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );

describe('a journal', () => {
  it(
    verifies('JOURNAL-CHAIN', 'is chained as its documentation says: recomputed here from the bytes alone'),
    async () => {
      await using home = await livedHome();
      for (const file of streamFiles(home, 'p')) {
        let before: string | undefined;
        for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
          const record = JSON.parse(line) as JournalRecord;
          const [body = ''] = line.split(',"hash":"');
          const logId = `${record.proxyId}/${basename(file, '.jsonl')}`;
          const text = `mcp-acp journal 1\n${logId}\n${record.prev}\n${body}`;
          expect(createHash('sha256').update(text).digest('hex')).toBe(record.hash);
          if (before !== undefined) expect(record.prev).toBe(before);
          before = record.hash;
        }
      }
    },
  );

  it(verifies('TAMPER-FOUND', 'shows every changed byte that is tried, one in each 5'), async () => {
    await using home = await livedHome();
    await using copy = new TempHome();
    cpSync(home.home, copy.home, { recursive: true });
    const [stream = ''] = streamFiles(copy, 'p');
    const bytes = readFileSync(stream);
    const unseen: number[] = [];
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(stream, changed);
      const { streams, verdict } = await verifyJournal(copy.paths.auditDir('p'));
      const problem = streams.find((each) => each.verdict === 'tampered')?.problem;
      if (verdict !== 'tampered' || problem === undefined || problem.offset > at) unseen.push(at);
    }
    expect(unseen).toEqual([]);
  });

  const edits: Readonly<Record<string, (lines: string[]) => string[]>> = {
    'a record deleted': (lines) => lines.toSpliced(3, 1),
    'the last record deleted': (lines) => lines.slice(0, -1),
    'two records swapped': (lines) => lines.toSpliced(3, 2, lines[4] ?? '', lines[3] ?? ''),
    'a record twice': (lines) => lines.toSpliced(3, 0, lines[3] ?? ''),
    'a record of another place inserted': (lines) => lines.toSpliced(5, 0, lines[2] ?? ''),
    'everything deleted': () => [],
  };
  it(verifies('TAMPER-FOUND', 'shows records that were deleted, moved, repeated, inserted'), async () => {
    await using home = await livedHome();
    for (const [what, edit] of Object.entries(edits)) {
      expect(await afterChange(home, withLines(edit)), what).toBe('tampered');
    }
    expect(await afterChange(home, () => {})).toBe('ok');
  });

  it(
    verifies('JOURNAL-LEDGER', 'shows a stream that is missing, and entries of the ledger that are'),
    async () => {
      await using home = await livedHome();
      expect(await afterChange(home, (_, stream) => rmSync(stream))).toBe('tampered');
      expect(await afterChange(home, (_, stream) => renameSync(stream, `${stream}.old`))).toBe('tampered');
      const entries = (copy: TempHome): readonly string[] =>
        readdirSync(join(copy.paths.auditDir('p'), 'ledger'))
          .filter((name) => /^\d+\.json$/.test(name))
          .sort();
      const count = entries(home).length;
      for (let index = 0; index < count; index++) {
        const verdict = await afterChange(home, (copy) =>
          rmSync(join(copy.paths.auditDir('p'), 'ledger', entries(copy)[index] ?? '')),
        );
        expect(verdict, `entry ${index + 1} of ${count}`).toBe('tampered');
      }
    },
  );

  it(verifies('LIVE-STREAM', 'verifies while its writer runs'), async () => {
    await using home = await livedHome();
    await using client = home.start('p');
    await client.initialize();
    for (let id = 1; id <= 20; id++) {
      await client.call('echo', {}, id);
      if (id % 5 === 0) expect(await verdictOf(home)).toBe('ok');
    }
    const { streams } = await verifyJournal(home.paths.auditDir('p'));
    expect(streams.map(({ state }) => state).sort()).toEqual(['closed', 'closed', 'live']);
  });

  it(verifies('VERIFY-CODES', 'is answered for with 0, 1 or 2'), async () => {
    await using home = await livedHome();
    expect((await verifyCommand(home)).code).toBe(0);
    const [stream = ''] = streamFiles(home, 'p');
    const bytes = readFileSync(stream);
    writeFileSync(stream, Buffer.concat([bytes.subarray(0, 200), Buffer.from('x'), bytes.subarray(201)]));
    const tampered = await verifyCommand(home);
    expect(tampered.code).toBe(1);
    expect(JSON.parse(tampered.stdout).verdict).toBe('tampered');
    rmSync(home.paths.auditDir('p'), { recursive: true });
    writeFileSync(home.paths.auditDir('p'), 'not a folder');
    expect((await verifyCommand(home)).code).toBe(2);
  });
});
