import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { binary, plainServer } from '../resources/fixtures.ts';
import { TempHome } from '../resources/temp-home.ts';

it(verifies('ATOMIC-WRITES', 'a saved policy is a temporary file, synced, then renamed'), async () => {
  await using home = new TempHome();
  home.addProxy('p', { backend: plainServer() });
  const trace = join(home.base, 'trace');
  const command = [
    process.execPath,
    binary,
    'policy',
    'add',
    '--proxy',
    'p',
    '--effect',
    'deny',
    '--tool',
    'x',
  ];
  const calls = 'trace=openat,fsync,rename,renameat2';
  const { status, stderr } = spawnSync('strace', ['-qq', '-y', '-e', calls, '-o', trace, '--', ...command], {
    env: home.env,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const lines = readFileSync(trace, 'utf8').split('\n');
  const policy = home.paths.policy('p');
  const renamed = lines.findIndex((line) => /^rename/.test(line) && line.includes(`"${policy}")`));
  expect(renamed).toBeGreaterThan(-1);
  const [, temporary = ''] = /^rename\w*\((?:AT_FDCWD[^,]*, )?"([^"]+)"/.exec(lines[renamed] ?? '') ?? [];
  const synced = lines.findIndex((line) => line.startsWith('fsync(') && line.includes(`<${temporary}>`));
  expect(synced).toBeGreaterThan(-1);
  expect(synced).toBeLessThan(renamed);
  expect(lines.some((line) => line.includes(`"${policy}"`) && /O_(?:WRONLY|RDWR)/.test(line))).toBe(false);
});
