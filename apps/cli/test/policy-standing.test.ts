import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confirmCurrentPolicy, readPolicy } from '@mcp-acp/admin/policies';
import { createProxy } from '@mcp-acp/admin/proxies';
import { homePaths } from '@mcp-acp/config/home-paths';
import { keepPolicyVersion } from '@mcp-acp/config/policy-history';
import { expect, test } from 'vitest';
import { policyStatus, policyText } from '../src/live/policy-standing.ts';

const actor = { by: 'local:me', channel: 'cli', time: '2026-01-01T00:00:00.000Z' } as const;

function scene() {
  const home = mkdtempSync(join(tmpdir(), 'acp-standing-'));
  const paths = homePaths({ MCP_ACP_HOME: home });
  const backend = { transport: 'stdio', command: '/bin/cat', args: [], cwd: '/' } as const;
  createProxy(paths, { name: 'files', backend, policy: 'version: 1\nrules: []\n' }, actor);
  const now = () => readPolicy(paths, 'files').digest;
  const told = (versions: readonly string[] = [], count = versions.length, held: readonly string[] = []) => {
    const seen = policyStatus(paths, 'files', { count, versions, held });
    return seen.ok ? { ...seen.policy, text: policyText('files', seen.policy) } : seen;
  };
  return {
    paths,
    file: paths.policy('files'),
    now,
    told,
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

const short = (digest: string): string => digest.slice(0, 12);

test('a policy that running proxies decide by is in force, whether anybody confirmed it or not', () => {
  using at = scene();
  const first = at.now();
  expect(at.told([first, first])).toMatchObject({
    standing: 'in_force',
    confirmed: true,
    text: `policy ${short(first)}, 0 rules, in force`,
  });
  // Stricter by hand: it was taken as it was.
  appendFileSync(at.file, '# by hand\n');
  expect(at.told([at.now()])).toMatchObject({
    standing: 'in_force',
    confirmed: false,
    text: `policy ${short(at.now())}, 0 rules, in force`,
  });
});

test('a policy edited by hand that is held is told apart from the one in force, with what to do', () => {
  using at = scene();
  const old = at.now();
  appendFileSync(at.file, '# by hand\n');
  expect(at.told([old])).toMatchObject({ standing: 'not_read' });
  expect(at.told([old], 1, [at.now()])).toMatchObject({
    standing: 'held',
    inForce: [old],
    text: `policy ${short(old)} in force; ${short(at.now())}, 0 rules, was edited by hand and is held until you confirm it: mcp-acp policy confirm --proxy files`,
  });
  confirmCurrentPolicy(at.paths, 'files', actor);
  expect(at.told([old, at.now()])).toMatchObject({
    standing: 'not_read',
    text: `policy ${short(old)} in force; ${short(at.now())}, 0 rules, is not read yet: mcp-acp policy reload --proxy files`,
  });
});

test('where none runs a policy begins with the next start, and a first version is nothing to speak of', () => {
  using at = scene();
  expect(at.told()).toMatchObject({ standing: 'at_start', text: `policy ${short(at.now())}, 0 rules` });
  appendFileSync(at.file, '# by hand\n');
  expect(at.told()).toMatchObject({
    isChange: true,
    text: `policy ${short(at.now())}, 0 rules, edited by hand: in force from the next start on`,
  });
  rmSync(at.paths.policyHistory('files'), { recursive: true });
  keepPolicyVersion(at.paths, 'files', readPolicy(at.paths, 'files').text);
  expect(at.told()).toMatchObject({ confirmed: false, text: `policy ${short(at.now())}, 0 rules` });
  expect(at.told([at.now()])).toMatchObject({ text: `policy ${short(at.now())}, 0 rules, in force` });
});

test('where those that run do not answer, what is in force is not claimed', () => {
  using at = scene();
  appendFileSync(at.file, '# by hand\n');
  expect(at.told([], 1)).toMatchObject({
    standing: 'unknown',
    text: expect.stringMatching(/edited by hand: .* held until you confirm it/),
  });
  writeFileSync(at.file, 'nonsense');
  expect(at.told([], 1)).toMatchObject({ ok: false });
});
