import { existsSync } from 'node:fs';
import { findManager } from '@mcp-acp/admin/manager-find';
import { stopManager } from '@mcp-acp/admin/manager-stop';
import { expect, test } from 'vitest';
import { managerHome, until } from './manager-home.ts';

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '[MANAGER-SIGNALS] %s: it ends in order and leaves nothing behind',
  async (signal) => {
    await using home = await managerHome();
    const { child, ready, ended } = home.foreground();
    await ready;
    child.kill(signal);
    expect(await ended).toMatchObject({
      code: 0,
      out: expect.stringContaining(`The manager runs (pid ${child.pid})`),
    });
    expect(existsSync(home.paths.managerPid)).toBe(false);
    expect(existsSync(home.paths.managerSocket)).toBe(false);
    expect(home.systemLog().map(({ event }) => event)).toEqual(['started', 'stopping', 'stopped']);
    expect(home.systemLog().at(-1)).toMatchObject({ inOrder: true });
  },
);

test('[MANAGER-SIGNALS] a second signal ends at once one that does not get done', async () => {
  await using home = await managerHome({ hangs: true });
  const { child, ready, ended } = home.foreground();
  await ready;
  child.kill('SIGTERM');
  await until(() => home.systemLog().some(({ event }) => event === 'stopping'));
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 1 });
  expect(home.systemLog().some(({ event }) => event === 'stopped')).toBe(false);
});

test('[MANAGER-SIGNALS] one that does not get done is ended after five seconds', async () => {
  await using home = await managerHome({ hangs: true });
  const { child, ready, ended } = home.foreground();
  await ready;
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
  expect(home.systemLog().at(-1)).toMatchObject({ event: 'stopped', inOrder: false });
});

test('[MANAGER-SIGNALS] it is stopped from outside, whether it can still end by itself or not', async () => {
  await using home = await managerHome();
  expect(await stopManager(home.paths)).toEqual({ state: 'absent' });
  const { manager } = await home.start();
  const { pid } = manager.process;
  expect(await stopManager(home.paths)).toEqual({ state: 'ended', pid });
  expect(await findManager(home.paths)).toEqual({ state: 'absent' });

  const again = await home.start();
  process.kill(again.manager.process.pid, 'SIGSTOP');
  expect(await stopManager(home.paths, { first: 100, second: 100, force: 30_000 })).toEqual({
    state: 'killed',
    pid: again.manager.process.pid,
  });
  expect((await home.start()).started).toBe(true);
});

test('[MANAGER-SIGNALS] a fault nobody caught is written down and ends it; the next start works', async () => {
  await using home = await managerHome({ crashes: true });
  const { ended } = home.foreground();
  expect(await ended).toMatchObject({ code: 1, out: expect.stringContaining('a fault of ours') });
  expect(home.systemLog().at(-1)).toMatchObject({
    event: 'fault',
    detail: expect.stringContaining('a fault of ours'),
  });
  home.write('knobs.json', {});
  expect((await home.start()).started).toBe(true);
});

test('[MANAGER-SIGNALS] asked over the API it ends in the same order, and says why', async () => {
  await using home = await managerHome({ stops: true });
  const { ended } = home.foreground();
  expect(await ended).toMatchObject({ code: 0 });
  expect(home.systemLog()).toMatchObject([
    { event: 'started' },
    { event: 'stopping', reason: 'asked' },
    { event: 'stopped', inOrder: true },
  ]);
});
