import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownProcess } from '@mcp-acp/audit/process-identity';
import { expect, test } from 'vitest';
import { type LockPlace, lockHolder, noteOf, takeLock } from '../src/manager-lock.ts';

const script = fileURLToPath(new URL('./lock-process.ts', import.meta.url));

function lockFolder() {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'acp-lock-')));
  const place: LockPlace = { base: join(dir, 'manager.lock'), unseenHolds: async () => true };
  return {
    dir,
    place,
    files: () => readdirSync(dir).sort(),
    write: (number: number, content: unknown) =>
      writeFileSync(
        `${place.base}.${number}`,
        typeof content === 'string' ? content : JSON.stringify(content),
      ),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Runs a taker to its end and returns what it said. */
function taker(...args: readonly string[]): Promise<{ readonly said: string; readonly killed: boolean }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      said += chunk;
    });
    child.once('close', (_code, signal) => resolve({ said, killed: signal === 'SIGKILL' }));
  });
}

const dead = { ...ownProcess(), started: '1' };

test('[MANAGER-STALE] a lock is taken once, and again when it was let go of', async () => {
  using folder = lockFolder();
  const first = await takeLock(folder.place);
  if (first.kind !== 'held') throw new Error('not held');
  expect(await lockHolder(folder.place)).toEqual({ number: 1, pid: process.pid });
  expect(await takeLock(folder.place)).toEqual({ kind: 'taken', by: { number: 1, pid: process.pid } });
  first.lock.release({ why: 'done' });
  first.lock.release();
  expect(noteOf(folder.place.base, 1)).toEqual({ why: 'done' });
  expect(await lockHolder(folder.place)).toBeUndefined();
  expect(await takeLock(folder.place)).toMatchObject({ kind: 'held', lock: { number: 2 } });
  expect(folder.files()).toEqual(['manager.lock.2']);
});

test('[MANAGER-STALE] a dead holder, one whose id is another program now and what is no lock are succeeded', async () => {
  using folder = lockFolder();
  for (const [index, stale] of [dead, { ...ownProcess(), pid: 1 }, '', '{', '[]', { pid: 'x' }].entries()) {
    folder.write(7 + index, stale);
    expect(await lockHolder(folder.place)).toBeUndefined();
    const attempt = await takeLock(folder.place);
    expect(attempt).toMatchObject({ kind: 'held', lock: { number: 8 + index } });
    expect(folder.files()).toEqual([`manager.lock.${8 + index}`]);
    if (attempt.kind === 'held') attempt.lock.release();
  }
});

test('[MANAGER-STALE] only the highest number counts, other files are no locks', async () => {
  using folder = lockFolder();
  folder.write(3, ownProcess());
  folder.write(12, dead);
  for (const name of ['manager.lock', 'manager.lock.x', 'manager.lock.01', 'manager.lock.-1']) {
    writeFileSync(join(folder.dir, name), JSON.stringify(ownProcess()));
  }
  expect(await takeLock(folder.place)).toMatchObject({ kind: 'held', lock: { number: 13 } });
  expect(folder.files()).not.toContain('manager.lock.3');
  expect(JSON.parse(readFileSync(`${folder.place.base}.13`, 'utf8'))).toEqual(ownProcess());
});

test('[MANAGER-STALE] a holder in another pid namespace is judged by what can be seen of it', async () => {
  using folder = lockFolder();
  const elsewhere = { ...ownProcess(), space: 'pid:[1]' };
  folder.write(1, elsewhere);
  const ages: number[] = [];
  const place = (holds: boolean): LockPlace => ({
    ...folder.place,
    unseenHolds: async (ageMs) => {
      ages.push(ageMs);
      return holds;
    },
  });
  expect(await takeLock(place(true))).toMatchObject({ kind: 'taken', by: { pid: process.pid } });
  expect(await takeLock(place(false))).toMatchObject({ kind: 'held' });
  expect(ages).toHaveLength(2);
});

test('[MANAGER-STALE] a folder that is missing is an error, not a lock', async () => {
  using folder = lockFolder();
  const base = join(folder.dir, 'none', 'manager.lock');
  await expect(takeLock({ ...folder.place, base })).rejects.toMatchObject({ code: 'ENOENT' });
  mkdirSync(join(folder.dir, 'none'));
  expect(await takeLock({ ...folder.place, base })).toMatchObject({ kind: 'held' });
});

test('[MANAGER-STALE] eight processes that take it in turn, some of which die, are never two inside', async () => {
  using folder = lockFolder();
  const takers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      taker(folder.place.base, '25', ...(index % 2 === 0 ? ['may die'] : [])),
    ),
  );
  const said = takers.map((one) => one.said).join('');
  expect(said).not.toContain('twice');
  expect(takers.filter(({ killed }) => !killed).every((one) => one.said === 'done\n')).toBe(true);
  expect(takers.filter(({ killed }) => !killed).length).toBeGreaterThanOrEqual(4);
});
