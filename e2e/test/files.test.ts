import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { allowAll, TempHome } from '../resources/temp-home.ts';

it(verifies('PROXY-NAMES', 'names that are not allowed make no proxy'), async () => {
  await using home = new TempHome();
  for (const name of ['manager', 'all', 'default', '-x', '../x', 'a b', 'x'.repeat(65), 'ä', '.']) {
    const made = await runCommand(home, [
      'proxy',
      'add',
      '--no-check',
      '--yes',
      name,
      '--',
      process.execPath,
    ]);
    expect(made.code, `${name}: ${made.stdout}${made.stderr}`).not.toBe(0);
  }
  expect(existsSync(home.paths.proxies) ? readdirSync(home.paths.proxies) : []).toEqual([]);
  for (const name of ['a', 'A-1_b', 'x'.repeat(64)]) {
    const made = await runCommand(home, [
      'proxy',
      'add',
      '--no-check',
      '--yes',
      name,
      '--',
      process.execPath,
    ]);
    expect(made.code, `${name}: ${made.stderr}`).toBe(0);
  }
});

it(
  verifies('POLICY-VERSIONS', 'every version is kept, and one command brings it back to a running proxy'),
  async () => {
    await using home = new TempHome();
    home.addProxy('p', { backend: plainServer(), policy: allowAll });
    await using client = home.start('p');
    await client.initialize();
    const deny = ['policy', 'add', '--proxy', 'p', '--effect', 'deny', '--id', 'no-echo', '--tool', 'echo'];
    const added = await runCommand(home, deny);
    expect(added.code, added.stderr).toBe(0);
    const isDenied = async (): Promise<boolean> => (await client.call('echo')).result.isError === true;
    while (!(await isDenied())) await new Promise((resolve) => setTimeout(resolve, 25));
    const history = await runCommand(home, ['policy', 'history', '--proxy', 'p', '--json']);
    const { versions } = JSON.parse(history.stdout);
    expect(versions.length).toBeGreaterThanOrEqual(2);
    const restored = await runCommand(home, ['policy', 'restore', '1', '--proxy', 'p']);
    expect(restored.code, restored.stderr).toBe(0);
    expect(readFileSync(home.paths.policy('p'), 'utf8')).toBe(allowAll);
    while (await isDenied()) await new Promise((resolve) => setTimeout(resolve, 25));
  },
);
