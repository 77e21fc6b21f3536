import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { atomicCreate, atomicWrite } from '../src/atomic-write.ts';
import { checkPrivateDir, ensurePrivateDir } from '../src/private-dir.ts';
import { temporaryHome } from './temporary-home.ts';

test('files are the user alone’s, and nothing else is left in the folder', () => {
  using home = temporaryHome();
  const file = join(home.dir, 'a.json');
  atomicWrite(file, 'one');
  atomicWrite(file, 'two');
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(home.dir)).toEqual(['a.json']);
});

test('a reader at any moment finds one whole version', async () => {
  using home = temporaryHome();
  const file = join(home.dir, 'a');
  const versions = ['x'.repeat(100_000), 'y'.repeat(50_000)];
  atomicWrite(file, versions[0] as string);
  const reader = new Worker(
    `const { readFileSync } = require('node:fs');
     const { parentPort, workerData } = require('node:worker_threads');
     const seen = new Set(); let stop = false;
     parentPort.on('message', () => { stop = true; });
     (function read() {
       for (let i = 0; i < 20; i++) { const t = readFileSync(workerData, 'utf8'); seen.add(t.length + t[0] + t[t.length - 1]); }
       if (stop) { parentPort.postMessage([...seen]); parentPort.close(); } else setImmediate(read);
     })();`,
    { eval: true, workerData: file },
  );
  for (let turn = 0; turn < 100; turn++) {
    atomicWrite(file, versions[turn % 2] as string);
    await new Promise(setImmediate);
  }
  const seen = await new Promise<string[]>((resolve) => {
    reader.once('message', resolve);
    reader.postMessage('stop');
  });
  for (const version of seen) expect(['100000xx', '50000yy']).toContain(version);
});

test('a failed write leaves the old content and no temporary file', () => {
  using home = temporaryHome();
  const dir = join(home.dir, 'is-a-folder');
  mkdirSync(join(dir, 'full'), { recursive: true });
  expect(() => atomicWrite(dir, 'x')).toThrow();
  expect(readdirSync(home.dir)).toEqual(['is-a-folder']);
});

test('a symbolic link keeps pointing where it did', () => {
  using home = temporaryHome();
  const real = join(home.dir, 'real');
  const link = join(home.dir, 'link');
  writeFileSync(real, 'old');
  symlinkSync(real, link);
  atomicWrite(link, 'new');
  expect(readFileSync(real, 'utf8')).toBe('new');
});

test('create does not replace', () => {
  using home = temporaryHome();
  const file = join(home.dir, 'a');
  expect(atomicCreate(file, 'first')).toBe(true);
  expect(atomicCreate(file, 'second')).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('first');
  expect(readdirSync(home.dir)).toEqual(['a']);
});

test('a private folder is 0700 all the way', () => {
  using home = temporaryHome();
  const dir = join(home.dir, 'a', 'b', 'c');
  ensurePrivateDir(dir);
  for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(home.dir, path)).mode & 0o777).toBe(0o700);
});

test('a folder others can write into is refused with the way out', () => {
  using home = temporaryHome();
  chmodSync(home.dir, 0o770);
  expect(() => checkPrivateDir(home.dir)).toThrow(/Other users can write/);
});
