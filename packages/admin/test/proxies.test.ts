import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import { expect, test } from 'vitest';
import { readConfig, saveConfig, setConfig } from '../src/configs.ts';
import { archiveProxy, createProxy, listProxies, proxiesOfBackend } from '../src/proxies.ts';
import { actor, workshop } from './workshop.ts';

const backend = { transport: 'stdio' as const, command: '/bin/cat', args: [] };
const policy = 'version: 1\nrules: []\n';

test('a new proxy is private and whole', () => {
  using w = workshop();
  expect(readProxyConfig(w.paths, 'files')).toEqual(w.config);
  expect(readdirSync(w.paths.proxies)).toEqual(['files']);
  expect(readdirSync(w.paths.proxyDir('files')).sort()).toEqual([
    'config.json',
    'policy-history',
    'policy.yaml',
  ]);
  expect(statSync(w.paths.proxyDir('files')).mode & 0o777).toBe(0o700);
  expect(statSync(w.paths.proxyConfig('files')).mode & 0o777).toBe(0o600);
});

test('an existing name is refused and left alone', () => {
  using w = workshop();
  expect(() => createProxy(w.paths, { name: 'files', backend, policy }, actor)).toThrow(
    expect.objectContaining({ code: 'proxy_exists' }),
  );
  expect(readProxyConfig(w.paths, 'files')).toEqual(w.config);
});

test('a folder that is not a proxy is not overwritten', () => {
  using w = workshop();
  mkdirSync(w.paths.proxyDir('mine'));
  writeFileSync(`${w.paths.proxyDir('mine')}/notes.txt`, 'keep');
  expect(() => createProxy(w.paths, { name: 'mine', backend, policy }, actor)).toThrow(
    expect.objectContaining({ code: 'proxy_exists' }),
  );
  expect(readdirSync(w.paths.proxyDir('mine'))).toEqual(['notes.txt']);
});

test('a policy that is not valid makes no proxy', () => {
  using w = workshop();
  expect(() => createProxy(w.paths, { name: 'other', backend, policy: 'x' }, actor)).toThrow(
    expect.objectContaining({ code: 'policy_invalid' }),
  );
  expect(readdirSync(w.paths.proxies)).toEqual(['files']);
});

test('the same backend is found again, a broken proxy is listed with what is wrong', () => {
  using w = workshop();
  expect(proxiesOfBackend(w.paths, { ...backend, cwd: w.dir })).toEqual(['files']);
  expect(proxiesOfBackend(w.paths, { ...backend, args: ['-u'], cwd: w.dir })).toEqual([]);
  writeFileSync(w.paths.proxyConfig('files'), '{');
  expect(listProxies(w.paths)).toMatchObject([{ name: 'files', problem: { code: 'config_invalid' } }]);
});

test('removing moves to the archive, journals too', () => {
  using w = workshop();
  mkdirSync(w.paths.auditDir('files'), { recursive: true });
  const { folder, logs } = archiveProxy(w.paths, 'files', new Date(0));
  expect(readdirSync(folder).sort()).toEqual(['config.json', 'logs', 'policy-history', 'policy.yaml']);
  expect(logs).toBe(`${folder}/logs`);
  expect(existsSync(w.paths.proxyLogs('files'))).toBe(false);
  expect(listProxies(w.paths)).toEqual([]);
  expect(() => archiveProxy(w.paths, 'files', new Date(0))).toThrow(
    expect.objectContaining({ code: 'proxy_unknown' }),
  );
});

test('journals of a proxy whose folder was deleted by hand are set aside for a new one', () => {
  using w = workshop();
  mkdirSync(w.paths.auditDir('files'), { recursive: true });
  rmSync(w.paths.proxyDir('files'), { recursive: true });
  createProxy(w.paths, { name: 'files', backend, policy }, actor);
  expect(existsSync(w.paths.proxyLogs('files'))).toBe(false);
  expect(readdirSync(`${w.paths.logs}/archive`)).toEqual(['files_2026-01-01T00-00-00-000Z']);
});

test('settings are saved under the version that was read', () => {
  using w = workshop();
  const target = { kind: 'proxy', name: 'files' } as const;
  const old = readConfig(w.paths, target);
  setConfig(w.paths, target, { key: 'logLevel', text: 'debug' });
  expect(readProxyConfig(w.paths, 'files').logLevel).toBe('debug');
  expect(() => saveConfig(w.paths, target, { text: old.text, edited: old.digest })).toThrow(
    expect.objectContaining({ code: 'stale_edit' }),
  );
  const now = readConfig(w.paths, target);
  const other = now.text.replace(/px_[a-z2-7]{16}/, 'px_aaaaaaaaaaaaaaaa');
  expect(() => saveConfig(w.paths, target, { text: other, edited: now.digest })).toThrow(/set once/);
});
