import { spawnSync } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withWriteLock } from '../src/write-lock.ts';
import { temporaryHome } from './temporary-home.ts';

test('one at a time', () => {
  using home = temporaryHome();
  const file = join(home.dir, 'a');
  const inner = () => withWriteLock(file, () => 'inner');
  withWriteLock(file, () => expect(inner).toThrow(expect.objectContaining({ code: 'stale_edit' })));
  expect(inner()).toBe('inner');
  expect(readdirSync(home.dir)).toEqual([]);
});

test('it is given back when the change fails', () => {
  using home = temporaryHome();
  const file = join(home.dir, 'a');
  const fail = () =>
    withWriteLock(file, () => {
      throw new Error('disk full');
    });
  expect(fail).toThrow('disk full');
  expect(readdirSync(home.dir)).toEqual([]);
});

test('a lock whose holder is dead, or that is old, is taken', () => {
  using home = temporaryHome();
  const file = join(home.dir, 'a');
  const { pid } = spawnSync('true');
  writeFileSync(`${file}.lock`, String(pid));
  expect(withWriteLock(file, () => 1)).toBe(1);
  writeFileSync(`${file}.lock`, String(process.pid));
  utimesSync(`${file}.lock`, new Date(0), new Date(0));
  expect(withWriteLock(file, () => 2)).toBe(2);
  expect(readdirSync(home.dir)).toEqual([]);
});
