import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryFileName, ledgerFolder } from '../src/ledger.ts';
import { encodeLedgerEntry } from '../src/ledger-entry.ts';
import { chainHash, hashEnd, hashMark, hashTailBytes, streamHashHead } from '../src/record-hash.ts';
import type { StreamVerdict } from '../src/verify-journal.ts';
import {
  type AuditFolder,
  auditFolder,
  decision,
  newInstance,
  recordBytes,
  smallLog,
  turn,
} from './audit-folder.ts';

describe('a closed stream', () => {
  let folder: AuditFolder;
  let stream: string;
  let path: string;
  let original: Buffer;
  let lines: string[];
  beforeAll(async () => {
    folder = auditFolder();
    stream = await smallLog(folder, 'closed');
    path = join(folder.auditDir, `${stream}.jsonl`);
    original = fs.readFileSync(path);
    lines = original.toString('utf8').split(/(?<=\n)/);
  });
  afterAll(() => folder[Symbol.dispose]());

  const verdict = async (content: Uint8Array | string): Promise<StreamVerdict> => {
    fs.writeFileSync(path, content);
    const found = (await folder.verify()).streams.find((candidate) => candidate.stream === stream);
    return found as StreamVerdict;
  };
  const offsetOf = (line: number): number => Buffer.byteLength(lines.slice(0, line).join(''));

  test('verifies as it is', async () => {
    expect(await verdict(original)).toMatchObject({ verdict: 'ok', records: 6, bytes: original.length });
    expect((await folder.verify()).verdict).toBe('ok');
  });

  test('every flipped bit of every byte is found in its line', async () => {
    let line = 0;
    for (let index = 0; index < original.length; index++) {
      if (index > 0 && original[index - 1] === 0x0a) line++;
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(original);
        changed[index] = (changed[index] as number) ^ (1 << bit);
        const { verdict: found, problem } = await verdict(changed);
        if (found !== 'tampered' || problem?.offset !== offsetOf(line) || problem.line !== line + 1) {
          expect.fail(`bit ${bit} of byte ${index}: ${found} ${JSON.stringify(problem)}`);
        }
      }
    }
  }, 60_000);

  test('a line deleted, doubled, swapped, moved or inserted is found where it is', async () => {
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at] as string;
      const without = lines.toSpliced(at, 1);
      const expectFrom = async (changed: string[], first: number): Promise<void> => {
        const found = await verdict(changed.join(''));
        expect(found).toMatchObject({ verdict: 'tampered', problem: { offset: offsetOf(first) } });
      };
      await expectFrom(without, at);
      await expectFrom(lines.toSpliced(at, 0, line), at + 1);
      for (let to = 0; to <= without.length; to++) {
        if (to !== at) await expectFrom(without.toSpliced(to, 0, line), Math.min(at, to));
        await expectFrom(lines.toSpliced(to, 0, `{"forged":${at}}\n`), to);
      }
    }
  });

  test('a cut at any byte is found', async () => {
    for (let size = 0; size < original.length; size++) {
      const found = await verdict(original.subarray(0, size));
      if (found.verdict !== 'tampered') expect.fail(`cut to ${size}: ${found.verdict}`);
    }
    expect((await verdict(Buffer.concat([original, Buffer.from('{"')]))).verdict).toBe('tampered');
    expect((await verdict(Buffer.concat([original, Buffer.alloc(10)]))).verdict).toBe('tampered');
  }, 60_000);

  test('an edit with all hashes computed anew is found by the ledger', async () => {
    const openingHash = (JSON.parse(lines[0] as string) as { prev: string }).prev;
    for (let at = 0; at < lines.length; at++) {
      let prev = openingHash;
      const forged = lines.map((line, index) => {
        let body = line.slice(0, -hashTailBytes).replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`);
        if (index === at) body = body.replace(/"time":"20(..)/, '"time":"19$1');
        prev = chainHash(streamHashHead(folder.proxyId, stream), prev, body);
        return `${body}${hashMark}${prev}${hashEnd}`;
      });
      expect(await verdict(forged.join(''))).toMatchObject({ verdict: 'tampered' });
    }
  });

  test('the stream of another instance or proxy under this name is found', async () => {
    using other = auditFolder();
    const foreign = await smallLog(other, 'closed');
    const content = fs.readFileSync(join(other.auditDir, `${foreign}.jsonl`));
    expect(await verdict(content)).toMatchObject({ verdict: 'tampered', problem: { offset: 0 } });
  });

  test('what stands in the place of a stream must be a plain file of one name', async () => {
    const replaced = async (replace: () => void): Promise<StreamVerdict> => {
      fs.rmSync(path, { recursive: true });
      replace();
      const found = (await folder.verify()).streams[0] as StreamVerdict;
      fs.rmSync(path, { recursive: true, force: true });
      fs.writeFileSync(path, original);
      return found;
    };
    const copy = join(folder.root, 'copy');
    fs.writeFileSync(copy, original);
    for (const replace of [
      () => fs.symlinkSync(copy, path),
      () => fs.linkSync(copy, path),
      () => fs.mkdirSync(path),
      () => execFileSync('sh', ['-c', 'mkfifo "$0"', path]),
      () => undefined,
    ]) {
      fs.writeFileSync(path, original);
      expect(await replaced(replace)).toMatchObject({ verdict: 'tampered', problem: { offset: 0 } });
    }
    fs.writeFileSync(path, original);
    expect((await folder.verify()).verdict).toBe('ok');
  });
});

test('anything in the reserved zeros of a live stream is found until it is overwritten', async () => {
  using folder = auditFolder();
  const journal = folder.open();
  const path = join(folder.auditDir, `${journal.instance}.0001.jsonl`);
  journal.append(decision('1'), { durable: true });
  await turn();
  await turn();
  const { length } = recordBytes(path);
  expect(fs.statSync(path).size).toBeGreaterThan(length + 100_000);
  expect(await folder.verify()).toMatchObject({ verdict: 'ok', bytes: length });
  const fd = fs.openSync(path, 'r+');
  for (const at of [length, length + 1, length + 5000, 262_143]) {
    fs.writeSync(fd, Buffer.from([0x10]), 0, 1, at);
    expect((await folder.verify()).streams).toMatchObject([
      { state: 'live', verdict: 'tampered', problem: { offset: at } },
    ]);
    fs.writeSync(fd, Buffer.from([0]), 0, 1, at);
  }
  fs.closeSync(fd);
  await journal.close('done');
  expect(fs.statSync(path).size).toBe(recordBytes(path).length);
  expect(await folder.verify()).toMatchObject({ verdict: 'ok', bytes: fs.statSync(path).size });
});

describe('a killed stream', () => {
  test('cut at any byte is intact or torn, and whole again once healed', async () => {
    using folder = auditFolder();
    const stream = await smallLog(folder, 'killed');
    const path = join(folder.auditDir, `${stream}.jsonl`);
    const original = recordBytes(path);
    const ledger = ledgerFolder(folder.auditDir);
    const kept = join(folder.root, 'ledger');
    fs.cpSync(ledger, kept, { recursive: true });
    for (let size = original.length; size >= 0; size--) {
      for (const nulls of size % 16 === 0 ? [0, 5000, 300_000] : [0]) {
        fs.writeFileSync(path, Buffer.concat([original.subarray(0, size), Buffer.alloc(nulls)]));
        const { verdict, streams } = await folder.verify();
        const whole = size === 0 || original[size - 1] === 0x0a;
        const torn = size - original.subarray(0, size).lastIndexOf(0x0a) - 1;
        const expected = whole ? 'ok' : 'torn_tail';
        if (verdict !== expected || (streams[0]?.tornBytes ?? 0) !== torn)
          expect.fail(`cut to ${size}+${nulls}: ${verdict} ${JSON.stringify(streams)}`);
        if (size % 7 !== 0) continue;
        expect(folder.heal()).toMatchObject([{ stream, result: 'healed', cutBytes: torn }]);
        expect(fs.readFileSync(path).includes(0)).toBe(false);
        const healed = await folder.verify();
        if (healed.verdict !== 'ok') expect.fail(`healed at ${size}+${nulls}: ${JSON.stringify(healed)}`);
        expect(healed.streams[0]).toMatchObject({ state: 'closed' });
        fs.rmSync(ledger, { recursive: true });
        fs.cpSync(kept, ledger, { recursive: true });
      }
    }
  }, 60_000);

  test('with anything but the beginning of its next record at its end is tampered with, and left alone', async () => {
    using folder = auditFolder();
    const stream = await smallLog(folder, 'killed');
    const path = join(folder.auditDir, `${stream}.jsonl`);
    const original = recordBytes(path);
    const { length } = original;
    const lastLine = original.subarray(original.lastIndexOf(0x0a, length - 2) + 1);
    for (const tail of [
      Buffer.from('x'),
      Buffer.from('{ '),
      Buffer.from('{"a":1,"a":2,'),
      Buffer.from('{"b":1,"a":2,'),
      Buffer.from('{"a":tru}'),
      Buffer.from('{"a":"\u0001'),
      Buffer.from('{"type":"incident"}'),
      Buffer.from([0, 0x7b]),
      Buffer.from([0x7b, 0x22, 0xff]),
      lastLine.subarray(0, -1),
      lastLine.subarray(0, -40),
    ]) {
      for (const reserved of [0, 300_000]) {
        fs.writeFileSync(path, Buffer.concat([original, tail, Buffer.alloc(reserved)]));
        const { streams } = await folder.verify();
        const offset = length + tail.findIndex((byte) => byte !== 0);
        expect([tail.toString(), streams[0]]).toMatchObject([
          tail.toString(),
          { verdict: 'tampered', problem: { offset } },
        ]);
        expect(folder.heal()).toMatchObject([{ stream, result: 'left' }]);
      }
    }
  });

  test('with anything in its reserved zeros is tampered with, and left alone', async () => {
    using folder = auditFolder();
    const stream = await smallLog(folder, 'killed');
    const path = join(folder.auditDir, `${stream}.jsonl`);
    const { length } = recordBytes(path);
    const whole = Buffer.concat([recordBytes(path), Buffer.alloc(2_500_000)]);
    const expectFound = async (content: Uint8Array, offset: number): Promise<void> => {
      fs.writeFileSync(path, content);
      const { streams } = await folder.verify();
      expect(streams).toMatchObject([{ verdict: 'tampered', records: 5, problem: { offset } }]);
      expect(folder.heal()).toMatchObject([{ stream, result: 'left' }]);
    };
    for (const at of [length, length + 1, length + 77, 4095, 4096, 262_143, 1_100_000, 2_499_999]) {
      for (const bit of at < 4095 ? [0, 1, 2, 3, 4, 5, 6, 7] : [0, 7]) {
        const changed = Buffer.from(whole);
        changed[at] = 1 << bit;
        await expectFound(changed, at);
      }
    }
    const lastLine = whole.subarray(whole.lastIndexOf(0x0a, length - 2) + 1, length);
    for (const stray of [Buffer.from('x\n'), Buffer.from('\n'), Buffer.from('{"class":"acc'), lastLine]) {
      const changed = Buffer.from(whole);
      stray.copy(changed, length + 5000);
      await expectFound(changed, length + 5000);
    }
  }, 60_000);
});

describe('the ledger', () => {
  const entries = async (): Promise<{ folder: AuditFolder; ledger: string; streams: string[] }> => {
    const folder = auditFolder();
    const streams = [await smallLog(folder, 'closed'), await smallLog(folder, 'closed')];
    streams.push(await smallLog(folder, 'killed'));
    return { folder, ledger: ledgerFolder(folder.auditDir), streams };
  };

  test('an entry removed, edited, forged, swapped or renumbered is found', async () => {
    const { folder, ledger } = await entries();
    using _ = folder;
    const paths = [1, 2, 3, 4, 5].map((number) => join(ledger, entryFileName(number)));
    const contents = paths.map((path) => fs.readFileSync(path, 'utf8'));
    const expectFound = async (what: string): Promise<void> => {
      const found = await folder.verify();
      if (found.ledger.verdict !== 'tampered') expect.fail(what);
      fs.rmSync(join(ledger, entryFileName(6)), { force: true });
      paths.forEach((path, index) => {
        fs.writeFileSync(path, contents[index] as string);
      });
      expect((await folder.verify()).verdict).toBe('ok');
    };
    for (const [index, path] of paths.entries()) {
      const content = contents[index] as string;
      fs.rmSync(path);
      await expectFound(`removed ${index + 1}`);
      fs.writeFileSync(path, content.replace('"event"', '"evenT"'));
      await expectFound(`edited ${index + 1}`);
      const { hash: _hash, number, proxyId, prev, ...body } = JSON.parse(content);
      const forged = encodeLedgerEntry(
        { ...body, time: '1999-01-01T00:00:00.000Z' },
        { number, proxyId, prev },
      );
      fs.writeFileSync(path, forged.line);
      await expectFound(`forged ${index + 1}`);
      fs.rmSync(path);
      fs.symlinkSync(join(ledger, 'head'), path);
      const found = await folder.verify();
      expect(found.ledger.problems[0]).toMatchObject({ entry: index + 1 });
      fs.rmSync(path);
      fs.writeFileSync(path, content);
      for (const [other, otherPath] of paths.entries()) {
        if (other === index) continue;
        fs.writeFileSync(path, contents[other] as string);
        fs.writeFileSync(otherPath, content);
        await expectFound(`swapped ${index + 1} and ${other + 1}`);
      }
      fs.renameSync(path, join(ledger, entryFileName(6)));
      await expectFound(`renumbered ${index + 1}`);
    }
    fs.rmSync(ledger, { recursive: true });
    expect((await folder.verify()).verdict).toBe('tampered');
  });

  test('a stream file removed, added or renamed is found', async () => {
    const { folder, streams } = await entries();
    using _ = folder;
    for (const stream of streams) {
      const path = join(folder.auditDir, `${stream}.jsonl`);
      const renamed = join(folder.auditDir, `${newInstance()}.0001.jsonl`);
      fs.renameSync(path, renamed);
      const found = await folder.verify();
      expect(found.streams.filter((candidate) => candidate.verdict === 'tampered')).toHaveLength(2);
      fs.renameSync(renamed, path);
      fs.copyFileSync(path, renamed);
      expect((await folder.verify()).verdict).toBe('tampered');
      fs.rmSync(renamed);
      expect((await folder.verify()).verdict).toBe('ok');
    }
  });

  test('a starter refuses a ledger whose last entry was edited', async () => {
    const { folder, ledger } = await entries();
    using _ = folder;
    const path = join(ledger, entryFileName(5));
    fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace('opened', 'OPENED'));
    expect(() => folder.open()).toThrow(expect.objectContaining({ code: 'audit_unavailable' }));
  });
});

test('an empty folder, or none, is an intact journal', async () => {
  using folder = auditFolder();
  expect(await folder.verify()).toMatchObject({ verdict: 'ok', records: 0, streams: [] });
});
