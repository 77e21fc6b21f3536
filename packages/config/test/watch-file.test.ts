import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atomicWrite } from '../src/atomic-write.ts';
import { watchFile } from '../src/watch-file.ts';
import { temporaryHome } from './temporary-home.ts';

test('sees writes in place, files renamed over it, and its going', async () => {
  using home = temporaryHome();
  const file = join(home.dir, 'policy.yaml');
  writeFileSync(file, 'a');
  let wake = () => {};
  const watch = watchFile(file, () => wake(), { debounceMs: 5 });
  const after = (act: () => void) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      act();
    });
  // The watcher does not keep the process alive; this does while the test waits.
  const alive = setInterval(() => {}, 1000);
  try {
    await after(() => writeFileSync(file, 'bb'));
    await after(() => atomicWrite(file, 'cc'));
    await after(() => atomicWrite(file, 'dd'));
    await after(() => rmSync(file));
    await after(() => writeFileSync(file, 'e'));
  } finally {
    watch.close();
    clearInterval(alive);
  }
  expect(true).toBe(true);
});

test('a folder that cannot be watched is looked at', async () => {
  using home = temporaryHome();
  const file = join(home.dir, 'later', 'policy.yaml');
  const seen = new Promise<void>((resolve) => {
    const watch = watchFile(
      file,
      () => {
        watch.close();
        resolve();
      },
      { pollMs: 10 },
    );
  });
  const alive = setInterval(() => {}, 1000);
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(home.dir, 'later'));
  writeFileSync(file, 'x');
  await seen;
  clearInterval(alive);
});
