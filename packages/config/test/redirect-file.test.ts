import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removeOldRedirectFiles, writeRedirectFile } from '../src/redirect-file.ts';
import { temporaryHome } from './temporary-home.ts';

const code = 'abcdefghijklmnopqrstuv';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('the file that opens the dashboard is the user alone’s and is gone after 30 seconds', () => {
  using home = temporaryHome();
  const { file } = writeRedirectFile(home.dir, 8765, code);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  expect(readFileSync(file, 'utf8')).toContain(`http://127.0.0.1:8765/#code=${code}`);
  expect(file).not.toContain(code);
  vi.advanceTimersByTime(29_999);
  expect(existsSync(file)).toBe(true);
  vi.advanceTimersByTime(1);
  expect(existsSync(file)).toBe(false);
});

test('it can be removed earlier, and what an earlier process left goes with the next one', () => {
  using home = temporaryHome();
  const first = writeRedirectFile(home.dir, 8765, code);
  first.remove();
  expect(existsSync(first.file)).toBe(false);
  const left = join(dirname(first.file), `open-${'0'.repeat(32)}.html`);
  const foreign = join(dirname(first.file), 'notes.html');
  for (const file of [left, foreign]) {
    writeFileSync(file, 'old');
    utimesSync(file, 1, 1);
  }
  const young = writeRedirectFile(home.dir, 8765, code);
  writeRedirectFile(home.dir, 8765, code);
  expect([left, foreign, young.file].map((file) => existsSync(file))).toEqual([false, true, true]);
});

test('what a process left that has ended is removed by another one', () => {
  using home = temporaryHome();
  removeOldRedirectFiles(home.dir);
  const left = writeRedirectFile(home.dir, 8765, code).file;
  const young = writeRedirectFile(home.dir, 8765, code).file;
  utimesSync(left, 1, 1);
  removeOldRedirectFiles(home.dir);
  expect([left, young].map((file) => existsSync(file))).toEqual([false, true]);
});

test('nothing is written into a folder that others can write, nor what is no code', () => {
  using home = temporaryHome();
  mkdirSync(join(home.dir, 'open'));
  chmodSync(join(home.dir, 'open'), 0o777);
  expect(() => writeRedirectFile(home.dir, 8765, code)).toThrow(/Other users can write/);
  for (const wrong of ['', 'short', `"><script>${code}`, `${code}\n`]) {
    expect(() => writeRedirectFile(home.dir, 8765, wrong)).toThrow(/not of the form/);
  }
});
