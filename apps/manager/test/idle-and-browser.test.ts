import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openDashboardOnce } from '../src/process/open-dashboard-once.ts';
import { openSystemLog } from '../src/process/system-log.ts';
import { type Activity, watchIdle } from '../src/process/watch-idle.ts';

afterEach(() => void vi.useRealTimers());

/** Time that passes when it is told to, in minutes. */
function idleWatch(minutes: number) {
  vi.useFakeTimers();
  const activity = { instances: 0, dashboards: 0, subscribers: 0, operations: 0 } satisfies Activity;
  const onIdle = vi.fn();
  const clock = { now: () => Date.now(), monotonicMs: () => Date.now() };
  const stop = watchIdle({ minutes, activity: () => activity, onIdle, clock });
  return { activity, onIdle, stop, pass: (count: number) => vi.advanceTimersByTime(count * 60_000) };
}

test('[MANAGER-IDLE] without proxies, pages and operations for so long it ends, once', () => {
  const watch = idleWatch(30);
  watch.pass(29);
  expect(watch.onIdle).not.toHaveBeenCalled();
  watch.activity.operations++;
  watch.pass(29);
  expect(watch.onIdle).not.toHaveBeenCalled();
  watch.pass(60);
  expect(watch.onIdle).toHaveBeenCalledOnce();
});

test.each(['instances', 'dashboards', 'subscribers'] as const)(
  '[MANAGER-IDLE] %s keep it from being idle, and from then on anew',
  (what) => {
    const watch = idleWatch(30);
    watch.activity[what] = 1;
    watch.pass(500);
    watch.activity[what] = 0;
    watch.pass(29);
    expect(watch.onIdle).not.toHaveBeenCalled();
    watch.pass(2);
    expect(watch.onIdle).toHaveBeenCalledOnce();
  },
);

test('[MANAGER-IDLE] 0 means never, and one that is stopped says nothing', () => {
  const never = idleWatch(0);
  never.pass(100_000);
  expect(never.onIdle).not.toHaveBeenCalled();
  const stopped = idleWatch(1);
  stopped.stop();
  stopped.pass(10);
  expect(stopped.onIdle).not.toHaveBeenCalled();
});

/** A screen whose opener writes down what it was given. */
function screen(env: NodeJS.ProcessEnv = { DISPLAY: ':0' }) {
  const dir = mkdtempSync(join(tmpdir(), 'acp-screen-'));
  const called = join(dir, 'called');
  writeFileSync(join(dir, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" >> "${called}"\n`);
  chmodSync(join(dir, 'xdg-open'), 0o755);
  const log = openSystemLog(join(dir, 'system.jsonl'));
  const redirect = join(dir, 'open.html');
  return {
    opened: () => (existsSync(called) ? readFileSync(called, 'utf8') : ''),
    redirect,
    events: () =>
      existsSync(join(dir, 'system.jsonl')) ? readFileSync(join(dir, 'system.jsonl'), 'utf8') : '',
    open: (more: Partial<Parameters<typeof openDashboardOnce>[0]> = {}) =>
      openDashboardOnce({
        wanted: true,
        screen: { env: { PATH: dir, ...env }, platform: 'linux' },
        dashboards: () => 0,
        redirectFile: () => redirect,
        log,
        returnMs: 200,
        ...more,
      }),
    [Symbol.dispose]: () => {
      log.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

test('[MANAGER-BROWSER] one tab is opened, with the redirect file and nothing else in its arguments', async () => {
  using on = screen();
  await on.open();
  expect(on.opened()).toBe(`${on.redirect}\n`);
  expect(on.events()).toContain('browser_opened');
});

test('[MANAGER-BROWSER] nothing is opened without a screen, when it is not wanted, or where a page comes back', async () => {
  using on = screen();
  using off = screen({ DISPLAY: '' });
  const redirectFile = vi.fn(() => on.redirect);
  await off.open({ redirectFile });
  await on.open({ wanted: false, redirectFile });
  let looks = 0;
  await on.open({ dashboards: () => (++looks > 2 ? 1 : 0), redirectFile });
  expect(on.opened() + off.opened()).toBe('');
  // No code was made either.
  expect(redirectFile).not.toHaveBeenCalled();
});

test('[MANAGER-BROWSER] one that cannot be opened is a line in the log', async () => {
  using on = screen();
  await on.open({ screen: { env: { DISPLAY: ':0', PATH: '' }, platform: 'linux' } });
  await on.open({ redirectFile: () => Promise.reject(new Error('no disk')) });
  expect(on.events()).toMatch(/browser_not_opened.*no disk/s);
});
