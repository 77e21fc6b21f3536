import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { reopenCommand } from '../demo/manager.ts';
import { summaryOf } from '../demo/summary.ts';
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
    'You saw calls allowed, denied, approved by a person and refused by a person. The journal verifies',
  ]) {
    expect(stdout).toContain(shown);
  }
  expect(stdout).not.toContain('do-not-show-this');
  expect(tmpdir()).not.toBe(place.project);
  expect(readdirSync(place.project).filter((name) => name.startsWith('acp-'))).toEqual([]);
}, 60_000);

it('the demo sums up what happened: what a person did not answer so is not claimed', () => {
  expect(summaryOf(['allowed', 'denied', 'approved', 'approved', 'denied'])).toBe(
    'You saw calls allowed, denied and approved by a person. None was refused by a person this time. The journal verifies, and a changed copy does not.',
  );
  expect(summaryOf(['allowed', 'denied', 'unanswered', 'refused'])).toMatch(
    /^You saw calls allowed, denied, refused by a person and left without an answer\. None was approved by a person this time\./,
  );
});

it('the dashboard of the demo is opened again by a command that any shell takes', async () => {
  await using home = new TempHome("acp-it's a ");
  const command = reopenCommand(home).replace('manager open', 'status --json');
  const { stdout } = await run('/bin/sh', ['-c', command], { cwd: '/', env: { PATH: '' } });
  expect(JSON.parse(stdout).home).toBe(home.home);
}, 60_000);
