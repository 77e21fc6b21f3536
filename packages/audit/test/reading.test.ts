import * as fs from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord } from '@mcp-acp/shared/journal-record';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { followRecords } from '../src/follow-records.ts';
import { liveInstances } from '../src/live-instances.ts';
import { openPayloadStore, payloadFileName } from '../src/payload-store.ts';
import { linesBackward, linesForward } from '../src/read-lines.ts';
import { readPayload } from '../src/read-payload.ts';
import { type DamagedLine, type ReadOptions, readRecords } from '../src/read-records.ts';
import {
  auditFolder,
  decision,
  newInstance,
  recordBytes,
  smallLog,
  steppingClock,
  turn,
} from './audit-folder.ts';

async function read(auditDir: string, options: ReadOptions = {}): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of readRecords(auditDir, options)) found.push(record);
  return found;
}

test('records of several streams come merged by time, either way, and within bounds', async () => {
  using folder = auditFolder();
  const clock = steppingClock();
  const journals = [folder.open({ clock }), folder.open({ clock }), folder.open({ clock })];
  for (let count = 0; count < 50; count++) {
    journals[count % 3]?.append(decision(String(count)));
    if (count % 7 === 0) await turn();
  }
  await Promise.all(journals.map((journal) => journal.close('done')));
  const all = await read(folder.auditDir);
  expect(all).toHaveLength(56);
  const times = all.map((record) => record.time);
  expect(times).toEqual(times.toSorted());
  expect(await read(folder.auditDir, { newestFirst: true })).toEqual(all.toReversed());
  const since = Date.parse(times[10] as string);
  const until = Date.parse(times[20] as string);
  expect(await read(folder.auditDir, { until })).toEqual(all.slice(0, 21));
  for (const name of fs.readdirSync(folder.auditDir)) {
    if (name.endsWith('.jsonl')) fs.utimesSync(join(folder.auditDir, name), until / 1000, until / 1000);
  }
  expect(await read(folder.auditDir, { since, until })).toEqual(all.slice(10, 21));
  expect(await read(folder.auditDir, { since, until, newestFirst: true })).toEqual(
    all.slice(10, 21).toReversed(),
  );
});

test('damaged lines are reported and left out', async () => {
  using folder = auditFolder();
  const stream = await smallLog(folder, 'closed');
  const path = join(folder.auditDir, `${stream}.jsonl`);
  const whole = await read(folder.auditDir);
  const text = fs.readFileSync(path, 'utf8');
  const bad = [
    'nonsense',
    '[]',
    '{"seq":1}',
    '{"seq":1,"time":"x","type":"a","instance":"b"}',
    '\u0000',
    'x'.repeat(1_100_000),
  ];
  const first = text.indexOf('\n') + 1;
  fs.writeFileSync(path, `${text.slice(0, first)}${bad.join('\n')}\n${text.slice(first)}{"torn`);
  for (const newestFirst of [false, true]) {
    const damage: DamagedLine[] = [];
    const found = await read(folder.auditDir, { newestFirst, onDamage: (line) => damage.push(line) });
    expect(newestFirst ? found.toReversed() : found).toEqual(whole);
    expect(damage.map((line) => line.offset).sort((a, b) => a - b)[0]).toBe(first);
    expect(damage).toHaveLength(bad.length);
  }
});

test('lines read backward are the lines read forward', () => {
  using folder = auditFolder();
  const path = join(folder.root, 'lines');
  const piece = fc.oneof(fc.constant('\n'), fc.string(), fc.constant('y'.repeat(70_000)));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      fs.writeFileSync(path, pieces.join(''));
      const fd = fs.openSync(path, 'r');
      try {
        const forward = [...linesForward(fd, 0)];
        expect([...linesBackward(fd, fs.fstatSync(fd).size)].toReversed()).toEqual(forward);
        const whole = fs.readFileSync(path, 'utf8').split('\n').slice(0, -1);
        expect(forward.map((line) => line.text)).toEqual(whole);
      } finally {
        fs.closeSync(fd);
      }
    }),
    { numRuns: 150 },
  );
});

test('following gives what is written from now on, of streams opened later too', async () => {
  using folder = auditFolder();
  await smallLog(folder, 'closed');
  const stop = new AbortController();
  const found: string[] = [];
  const following = (async () => {
    for await (const record of followRecords(folder.auditDir, { signal: stop.signal, pollMs: 20 })) {
      found.push(`${record.type} ${'requestId' in record ? record.requestId : ''}`);
      if (found.length === 5) stop.abort();
    }
  })();
  await turn();
  const journal = folder.open();
  journal.append(decision('1'));
  await turn();
  const later = folder.open();
  later.append(decision('2'));
  await turn();
  await journal.close('done');
  await following;
  await later.close('done');
  expect(found.toSorted()).toEqual(['decision "1"', 'decision "2"', 'session ', 'session ', 'session ']);
});

test('records before reserved zeros are read either way, and those that overwrite them are followed', async () => {
  using folder = auditFolder();
  const clock = steppingClock();
  const journal = folder.open({ clock });
  journal.append(decision('1'), { durable: true });
  await turn();
  await turn();
  const path = join(folder.auditDir, `${journal.instance}.0001.jsonl`);
  expect(fs.statSync(path).size - recordBytes(path).length).toBeGreaterThan(100_000);
  const damage: DamagedLine[] = [];
  const onDamage = (line: DamagedLine): void => void damage.push(line);
  const all = await read(folder.auditDir, { onDamage });
  expect(all).toHaveLength(2);
  expect(await read(folder.auditDir, { newestFirst: true, onDamage })).toEqual(all.toReversed());
  const stop = new AbortController();
  const found: unknown[] = [];
  const following = (async () => {
    const options = { signal: stop.signal, pollMs: 20, onDamage };
    for await (const record of followRecords(folder.auditDir, options)) {
      if (record.type === 'decision') found.push(record.requestId);
      if (found.length === 400) stop.abort();
    }
  })();
  await turn();
  for (let count = 0; count < 400; count++) {
    journal.append(decision(String(count), { resource: 'x'.repeat(count * 5) }), { durable: true });
    await turn();
  }
  await following;
  expect(found).toEqual(Array.from({ length: 400 }, (_, count) => `"${count}"`));
  await journal.close('done');
  expect(await read(folder.auditDir, { newestFirst: true, onDamage })).toHaveLength(403);
  expect(damage).toEqual([]);
});

test('lines seen before what precedes them are read again', () => {
  using folder = auditFolder();
  const path = join(folder.root, 'lines');
  const whole = `${'a'.repeat(30)}\nbb\ncc\ndd\nee\n`;
  for (const backward of [false, true]) {
    fs.writeFileSync(path, Buffer.from(whole).fill(0, backward ? 2 : 34, backward ? 32 : 39));
    const fd = fs.openSync(path, 'r+');
    const lines = backward ? linesBackward(fd, whole.length) : linesForward(fd, 0);
    // The first chunk has been read when the first line comes.
    const found = [lines.next().value?.text];
    fs.writeSync(fd, whole, 0);
    for (const line of lines) found.push(line.text);
    fs.closeSync(fd);
    expect(backward ? found.toReversed() : found).toEqual(whole.split('\n').slice(0, -1));
  }
});

test('a payload is found by its digest, and its absence breaks nothing', async () => {
  using folder = auditFolder();
  const dir = join(folder.root, 'payloads');
  const instance = newInstance();
  const payloads = openPayloadStore({ dir, instance });
  const json = `{"path":"/etc/\u00fc","cut":"${'a'.repeat(9000)}`;
  const digest = payloads.add(json);
  expect(payloads.add(json)).not.toBe(digest);
  await turn();
  expect(readPayload(dir, digest)).toBe(json);
  expect(readPayload(dir, digest, instance)).toBe(json);
  expect(readPayload(dir, digest, newInstance())).toBeUndefined();
  expect(readPayload(dir, 'ab'.repeat(32))).toBeUndefined();
  payloads.close();
  const path = join(dir, payloadFileName(instance));
  expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  fs.writeFileSync(path, fs.readFileSync(path, 'utf8').replace('/etc/', '/tmp/'));
  expect(readPayload(dir, digest)).toBeUndefined();
  fs.rmSync(dir, { recursive: true });
  expect(readPayload(dir, digest)).toBeUndefined();
});

test('live instances are those whose process runs', async () => {
  using folder = auditFolder();
  expect(liveInstances(folder.auditDir)).toEqual([]);
  await smallLog(folder, 'killed');
  const journal = folder.open();
  expect(liveInstances(folder.auditDir)).toMatchObject([
    { instance: journal.instance, pid: process.pid, stream: `${journal.instance}.0001` },
  ]);
  await journal.close('done');
  expect(liveInstances(folder.auditDir)).toEqual([]);
});
