import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPathResolver } from '../src/path-resolver.ts';
import { temporaryHome } from './temporary-home.ts';

function disk() {
  const home = temporaryHome();
  const at = (...parts: string[]) => join(home.dir, ...parts);
  mkdirSync(at('project', 'src'), { recursive: true });
  mkdirSync(at('secret'));
  writeFileSync(at('secret', 'key'), 'k');
  symlinkSync(at('secret'), at('project', 'link'));
  symlinkSync(at('secret', 'not-yet'), at('project', 'dangling'));
  symlinkSync('loop', at('project', 'loop'));
  const { places } = createPathResolver({ cwd: at('project'), home: at('home') });
  const resolve = (text: string) => (places(text).length === 1 ? places(text)[0] : undefined);
  return { at, resolve, places, [Symbol.dispose]: () => home[Symbol.dispose]() };
}

test('relative paths are the backend’s', () => {
  using d = disk();
  expect(d.resolve('src')).toBe(d.at('project', 'src'));
  expect(d.resolve('./src/../new/file')).toBe(d.at('project', 'new', 'file'));
  expect(d.resolve('~/x')).toBe(d.at('home', 'x'));
  expect(d.resolve('~')).toBe(d.at('home'));
});

test('links are followed, also behind what does not exist yet', () => {
  using d = disk();
  expect(d.resolve('link/key')).toBe(d.at('secret', 'key'));
  expect(d.resolve('link/new/deep')).toBe(d.at('secret', 'new', 'deep'));
  expect(d.resolve('dangling')).toBe(d.at('secret', 'not-yet'));
  expect(d.resolve('dangling/below')).toBe(d.at('secret', 'not-yet', 'below'));
});

test('a path with two readings has none', () => {
  using d = disk();
  // As text this is project/src; the kernel opens secret/../src.
  expect(d.resolve('link/../src')).toBeUndefined();
  expect(d.places('link/../src')).toEqual([d.at('project', 'src'), d.at('src')]);
  expect(d.resolve('loop/x')).toBeUndefined();
  expect(d.resolve('~other/x')).toBeUndefined();
  expect(d.resolve('a\0b')).toBeUndefined();
  expect(d.resolve('')).toBeUndefined();
  expect(d.resolve('x/'.repeat(1000))).toBeUndefined();
  expect(d.resolve('x'.repeat(5000))).toBeUndefined();
});
