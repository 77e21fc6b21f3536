import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homePaths } from '@mcp-acp/config/home-paths';
import { confirmPolicy, policyDigest } from '@mcp-acp/config/policy-history';
import { afterEach, expect, it } from 'vitest';
import { loadPolicy } from '../src/policy-in-force.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const policy = (...rules: string[]) => `version: 1\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`;
const allowReads = '{ id: reads, effect: allow, when: { tool_name: "read_*" } }';
const denySecrets = '{ id: secrets, effect: deny, when: { path_pattern: "**/.env" } }';
const tight = policy(allowReads, denySecrets);
const loose = policy(allowReads);

function load() {
  const home = mkdtempSync(join(tmpdir(), 'mcp-acp-policy-'));
  folders.push(home);
  const paths = homePaths({ MCP_ACP_HOME: home });
  mkdirSync(paths.proxyDir('files'), { recursive: true });
  const write = (text: string) => writeFileSync(paths.policy('files'), text);
  write(tight);
  const resolver = { places: (text: string) => [text] };
  const inForce = loadPolicy({ paths, name: 'files', userHome: '/home/u', resolver });
  return { paths, write, inForce };
}

it('[LOOSENING-HELD] a loosening waits for a person, a tightening does not', () => {
  const { paths, write, inForce } = load();
  write(loose);
  expect(inForce.reload()).toMatchObject({ event: 'held', loosening: true, changed: ['secrets'] });
  expect(inForce.reload()).toBeUndefined();
  expect(inForce.current().version).toBe(policyDigest(tight));

  confirmPolicy(paths, 'files', { digest: policyDigest(loose), time: '', by: 'local:u', channel: 'cli' });
  expect(inForce.reload()).toMatchObject({ event: 'loaded', version: policyDigest(loose) });
  write(tight);
  expect(inForce.reload()).toMatchObject({ event: 'loaded', loosening: false });
});

it('[RELOAD-KEEPS-GOOD] a broken policy is told once and changes nothing', () => {
  const { write, inForce } = load();
  write('version: 1\nrules: 5\n');
  expect(inForce.reload()).toMatchObject({
    event: 'rejected',
    version: policyDigest('version: 1\nrules: 5\n'),
  });
  expect(inForce.reload()).toBeUndefined();
  write('version: 2\n');
  expect(inForce.reload()?.problem).toContain(':1:');
  write(tight);
  expect(inForce.reload()).toBeUndefined();
  expect(inForce.current().version).toBe(policyDigest(tight));
});
