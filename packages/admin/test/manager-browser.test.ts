import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasScreen, openInBrowser } from '../src/manager-browser.ts';
import { managerEnvironment } from '../src/manager-environment.ts';

/** A folder with an `xdg-open` of our own that writes down how it was called. */
function opener(exit: number) {
  const dir = mkdtempSync(join(tmpdir(), 'acp-open-'));
  const called = join(dir, 'called');
  writeFileSync(
    join(dir, 'xdg-open'),
    `#!/bin/sh\nfor a in "$@"; do echo "$a"; done > "${called}"\nexit ${exit}\n`,
  );
  chmodSync(join(dir, 'xdg-open'), 0o755);
  return {
    env: { PATH: `relative:${dir}:/nowhere`, DISPLAY: ':0' },
    called: () => readFileSync(called, 'utf8'),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

test('[MANAGER-BROWSER] a page can be shown only where there is a screen', () => {
  const on = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') => hasScreen({ env, platform });
  expect([on({}), on({ DISPLAY: '' }), on({ DISPLAY: ':0' }), on({ WAYLAND_DISPLAY: 'wayland-0' })]).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(on({}, 'darwin')).toBe(true);
});

test('[MANAGER-BROWSER] the opener gets the file as one argument, whatever its name', async () => {
  using there = opener(0);
  const file = '/home/a b/$(touch x);`y`/open.html';
  expect(await openInBrowser(file, { env: there.env, platform: 'linux' })).toBeUndefined();
  expect(there.called()).toBe(`${file}\n`);
});

test('[MANAGER-BROWSER] an opener that fails or is missing is said, not thrown', async () => {
  using there = opener(3);
  expect(await openInBrowser('/x', { env: there.env, platform: 'linux' })).toMatch(/ended with exit code 3$/);
  expect(await openInBrowser('/x', { env: { PATH: '' }, platform: 'linux' })).toBe('there is no xdg-open');
});

test('[MANAGER-CLEAN-ENV] of the environment of its starter a manager gets what it needs and nothing else', () => {
  const kept = {
    HOME: '/h',
    PATH: '/bin',
    LANG: 'C',
    MCP_ACP_HOME: '/acp',
    XDG_RUNTIME_DIR: '/run/user/1',
    XDG_CONFIG_HOME: '/c',
    DISPLAY: ':0',
    WAYLAND_DISPLAY: 'w',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x',
  };
  const not = { GITHUB_TOKEN: 's', NODE_OPTIONS: '--require x', LD_PRELOAD: 'x', HOMEX: '1', XDG: '1' };
  expect(managerEnvironment({ ...not, ...kept, MCP_ACP_DEBUG: '1' })).toEqual(kept);
});
