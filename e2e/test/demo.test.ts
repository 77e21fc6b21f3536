import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { TempHome } from '../resources/temp-home.ts';

const run = promisify(execFile);

it(verifies(
  ['DEMO', 'POLICY-TEMPLATES'],
  'the demo shows allowed, denied, approved, refused by a person, and tampering found, and cleans up',
), async () => {
  await using place = new TempHome();
  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const { stdout, stderr } = await run(process.execPath, [tsx, 'demo/main.ts', '--auto'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, TMPDIR: place.project },
  });
  expect(stderr).toBe('');
  for (const shown of [
    'decided  allowed',
    'decided  denied',
    'waits for a person',
    'decided  approved',
    'decided  refused',
    'A person refused this call: we ship on Monday.',
    'tampered',
  ]) {
    expect(stdout).toContain(shown);
  }
  expect(stdout).not.toContain('do-not-show-this');
  expect(tmpdir()).not.toBe(place.project);
  expect(readdirSync(place.project).filter((name) => name.startsWith('acp-'))).toEqual([]);
}, 60_000);
