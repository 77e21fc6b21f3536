import * as fs from 'node:fs';
import { join } from 'node:path';
import type { InstanceId } from '@mcp-acp/shared/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StreamPosition, streamBeginning } from '../src/chain-check.ts';
import { openStream } from '../src/open-stream.ts';
import { recordAt } from '../src/record-at.ts';
import { hashTailBytes, streamHashHead } from '../src/record-hash.ts';
import { closingProblem } from '../src/stream-closing.ts';
import { createTailReader, type TailEnd, type VerifiedRecord } from '../src/verified-tail.ts';
import { createLedgerReader, type LedgerStream, readWholeLedger } from '../src/verify-ledger.ts';
import {
  type AuditFolder,
  auditFolder,
  decision,
  letDie,
  newInstance,
  outcome,
  recordBytes,
  smallLog,
  turn,
} from './audit-folder.ts';
import { faultyDisk } from './faulty-disk.ts';

const tail = createTailReader();

/** One stream of a folder, read on from where the last reading ended. */
function follow(folder: AuditFolder, instance: InstanceId) {
  const streamId = `${instance}.0001`;
  const hashHead = streamHashHead(folder.proxyId, streamId);
  const path = join(folder.auditDir, `${streamId}.jsonl`);
  const origin = { proxyId: folder.proxyId, instance };
  const known = (): LedgerStream =>
    readWholeLedger(folder.auditDir, folder.proxyId).streams.get(streamId) as LedgerStream;
  let from: StreamPosition = streamBeginning(known().openingHash ?? '');
  const records: VerifiedRecord[] = [];
  const withFile = <T>(act: (fd: number) => T): T => {
    const opened = openStream(path);
    if ('why' in opened) throw new Error(opened.why);
    try {
      return act(opened.fd);
    } finally {
      fs.closeSync(opened.fd);
    }
  };
  return {
    path,
    records,
    known,
    position: (): StreamPosition => from,
    goTo: (position: StreamPosition): void => {
      from = position;
    },
    read: (bytes = 65_536): TailEnd =>
      withFile((fd) => {
        const batch = tail.read(fd, { hashHead, origin, from }, bytes);
        records.push(...batch.records);
        from = batch.position;
        return batch.end;
      }),
    holds: (record: VerifiedRecord): string | undefined => withFile((fd) => recordAt(fd, hashHead, record)),
  };
}

const lines = (path: string): string[] => recordBytes(path).toString('utf8').split('\n').slice(0, -1);

test('[HISTORY-VERIFIED] a live stream is read on from any position, in steps of any size, each record once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.constantFrom(1, 300, 2_000, 65_536)),
      async (turns, sizes) => {
        using folder = auditFolder();
        const journal = folder.open();
        const stream = follow(folder, journal.instance);
        const read = (): TailEnd => stream.read(sizes.next().value as number);
        for (const count of turns) {
          for (let more = 0; more < count; more++) {
            const text = 'ü'.repeat(more * 997);
            journal.append(
              outcome(journal.append(decision(`${more}`, { resource: text }), { durable: true })),
            );
          }
          await turn();
          expect(['more', 'waiting']).toContain(read().state);
        }
        await journal.close('done');
        while (read().state === 'more');
        expect(stream.records.map(({ text }) => text)).toEqual(lines(stream.path));
        const { seq, offset } = stream.position();
        expect([seq, offset]).toEqual([stream.records.length, fs.statSync(stream.path).size]);
        expect(closingProblem(stream.known(), stream.position(), 0)).toBeUndefined();
        for (const record of stream.records) expect(stream.holds(record)).toBe(record.text);
      },
    ),
    { numRuns: 25 },
  );
});

test('a record longer than one reading, and one at every distance from its end', async () => {
  using folder = auditFolder();
  const journal = folder.open();
  const stream = follow(folder, journal.instance);
  for (const length of [300_000, 10, 900_000]) {
    journal.append(decision('1', { resource: 'x'.repeat(length) }), { durable: true });
  }
  await turn();
  while (stream.read(1).state === 'more');
  expect(stream.records.map(({ length }) => length > 250_000)).toEqual([false, true, false, true]);
  const whole = recordBytes(stream.path);
  const last = stream.records.at(-1) as VerifiedRecord;
  letDie(journal);
  for (const cut of [1, 2, hashTailBytes, hashTailBytes + 1, 899_000, last.length - 1]) {
    stream.goTo({ ...stream.position(), offset: last.offset, seq: 3, hash: stream.records[2]?.hash ?? '' });
    fs.writeFileSync(stream.path, Buffer.concat([whole.subarray(0, -cut), Buffer.alloc(cut % 2 ? 5000 : 0)]));
    expect(stream.read()).toEqual({ state: 'waiting' });
  }
  fs.writeFileSync(stream.path, whole);
  expect(stream.read(1)).toEqual({ state: 'waiting' });
  expect(stream.records.at(-1)).toEqual(last);
});

test('[LIVE-STREAM] what a writer takes back is told from tampering by what comes in its place', async () => {
  using folder = auditFolder();
  const disk = faultyDisk();
  const journal = folder.open({ disk });
  const stream = follow(folder, journal.instance);
  journal.append(decision('kept'), { durable: true });
  await turn();
  while (stream.read().state === 'more');
  const kept = stream.position();
  // Half of a batch reaches the file, and the writer cannot even cut it off.
  disk.plan = { at: disk.operations.length + 1, times: 2, fault: 'short' };
  for (let count = 0; count < 4; count++) journal.append(decision(`lost ${count}`), { durable: true });
  await turn();
  expect(stream.read()).toEqual({ state: 'waiting' });
  const seen = stream.records.splice(kept.seq);
  expect(seen.map(({ seq }) => seq)).toEqual([3, 4]);
  journal.append(decision('after'), { durable: true });
  await turn();
  await turn();
  expect(['broken', 'shorter']).toContain(stream.read().state);
  expect(seen.map(stream.holds)).toEqual([undefined, undefined]);
  expect(stream.holds(stream.records.at(-1) as VerifiedRecord)).toBeDefined();
  stream.goTo(kept);
  expect(stream.read()).toEqual({ state: 'waiting' });
  expect(stream.records.slice(kept.seq).map(({ text }) => JSON.parse(text).type)).toEqual([
    'incident',
    'decision',
  ]);
  await journal.close('done');
  expect((await folder.verify()).verdict).toBe('ok');
});

test('[TORN-TAIL] a torn tail is waited behind, and what heals it is read', async () => {
  using folder = auditFolder();
  const streamId = await smallLog(folder, 'killed');
  const stream = follow(folder, streamId.split('.')[0] as InstanceId);
  const whole = recordBytes(stream.path);
  fs.writeFileSync(stream.path, Buffer.concat([whole.subarray(0, -40), Buffer.alloc(5000)]));
  while (stream.read().state === 'more');
  const before = stream.position();
  expect(before.ended).toBe(false);
  expect(folder.heal()).toMatchObject([{ result: 'healed' }]);
  expect(stream.read()).toEqual({ state: 'waiting' });
  expect(JSON.parse(stream.records.at(-1)?.text ?? '')).toMatchObject({
    type: 'recovered',
    seq: before.seq + 1,
  });
  expect(closingProblem(stream.known(), stream.position(), 0)).toBeUndefined();
  // The power took records that had been read.
  stream.goTo({ ...before, offset: before.offset + 10_000 });
  expect(stream.read()).toEqual({ state: 'shorter' });
});

describe('[TAMPER-FOUND] a reader that goes on from a position', () => {
  test('finds every flipped bit behind it and none before it', async () => {
    using folder = auditFolder();
    const streamId = await smallLog(folder, 'closed');
    const stream = follow(folder, streamId.split('.')[0] as InstanceId);
    stream.read(1);
    const middle = stream.records.at(2) as VerifiedRecord;
    const from = { offset: middle.offset + middle.length, seq: 3, hash: middle.hash, ended: false };
    const original = fs.readFileSync(stream.path);
    for (let index = 0; index < original.length; index += index < from.offset ? 97 : 1) {
      const changed = Buffer.from(original);
      changed[index] = (changed[index] as number) ^ (1 << (index % 8));
      fs.writeFileSync(stream.path, changed);
      stream.goTo(from);
      const end = stream.read();
      const at = stream.position();
      const closed = closingProblem(stream.known(), at, original.length - at.offset);
      const found = end.state === 'broken' || closed !== undefined;
      if (found !== index >= from.offset) expect.fail(`byte ${index}: ${JSON.stringify(end)} ${closed?.why}`);
      if (index < middle.offset + middle.length) continue;
      const line = original.lastIndexOf(0x0a, index - 1) + 1;
      if (at.offset !== line) expect.fail(`byte ${index}: stopped at ${at.offset} instead of ${line}`);
    }
  });

  test('tells the beginning of the next record from anything else', async () => {
    using folder = auditFolder();
    const streamId = await smallLog(folder, 'killed');
    const stream = follow(folder, streamId.split('.')[0] as InstanceId);
    while (stream.read().state === 'more');
    const whole = recordBytes(stream.path);
    const { offset, seq } = stream.position();
    for (const [text, state] of [
      ['', 'waiting'],
      ['{"class":"acc', 'waiting'],
      ['garbage', 'broken'],
      [`{"class":"access","seq":${seq + 1},"s`, 'waiting'],
      [`{"class":"access","seq":${seq},"s`, 'broken'],
      ['{}\n', 'broken'],
      ['\0\0x\n', 'broken'],
    ] as const) {
      fs.writeFileSync(stream.path, Buffer.concat([whole, Buffer.from(text)]));
      const end = stream.read();
      expect(end.state, text).toBe(state);
      if (end.state === 'broken') {
        expect(end.problem).toMatchObject({
          offset: offset + (text.startsWith('\0') ? 2 : 0),
          line: seq + 1,
        });
      }
    }
  });
});

test('[JOURNAL-LEDGER] a ledger is read as it grows, some entries at a time, to the same end', async () => {
  using folder = auditFolder();
  const reader = createLedgerReader(folder.auditDir);
  expect(reader.advance()).toBe(true);
  expect(reader.ledger).toMatchObject({ proxyId: undefined, entries: 0, problems: [] });
  for (let count = 0; count < 4; count++) {
    await smallLog(folder, count % 2 === 0 ? 'closed' : 'killed');
    if (count === 1) expect(reader.advance(2)).toBe(false);
    if (count === 2) while (!reader.advance(1));
    if (count === 3) folder.heal({ by: newInstance() });
  }
  expect(reader.advance()).toBe(true);
  expect(reader.ledger).toEqual(readWholeLedger(folder.auditDir, folder.proxyId));
  expect(reader.ledger.streams.size).toBe(4);
  const head = join(folder.auditDir, 'ledger', `${String(reader.ledger.entries).padStart(8, '0')}.json`);
  const kept = fs.readFileSync(head);
  await smallLog(folder, 'closed');
  fs.rmSync(join(folder.auditDir, 'ledger', `${String(reader.ledger.entries + 2).padStart(8, '0')}.json`));
  fs.writeFileSync(head, kept);
  reader.advance();
  reader.advance();
  expect(reader.ledger.problems).toEqual(readWholeLedger(folder.auditDir).problems);
  expect(reader.ledger.problems).toHaveLength(1);
});
