import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { expect, test } from 'vitest';
import { atomicWrite } from '../src/atomic-write.ts';
import { homePaths } from '../src/home-paths.ts';
import { openHome } from '../src/manager-config.ts';
import { temporaryHome } from './temporary-home.ts';

const instance = 'inst_abcdefghijklmnop' as InstanceId;

test('MCP_ACP_HOME moves everything', () => {
  const paths = homePaths({ MCP_ACP_HOME: '/x/acp', HOME: '/home/me' });
  const all = [
    paths.managerConfig,
    paths.archive,
    paths.db,
    paths.managerSocket,
    paths.managerPid,
    paths.managerLock,
    paths.managerStartLock,
    paths.managerOutput,
    paths.managerSystemLog,
    ...Object.values(paths.incidents),
    paths.proxyConfig('p'),
    paths.policy('p'),
    paths.policyHistory('p'),
    paths.auditDir('p'),
    paths.payloadsDir('p'),
    paths.systemLog('p'),
    paths.debugDir('p'),
    paths.stderrLog('p'),
    paths.proxySocket('p'),
    paths.proxySocket('p', instance),
  ];
  for (const path of all) expect(path).toMatch(/^\/x\/acp\//);
  expect(new Set(all).size).toBe(all.length);
});

test('without it the home is ~/.mcp-acp', () => {
  expect(homePaths({ HOME: '/home/me' }).home).toBe('/home/me/.mcp-acp');
});

test('a relative MCP_ACP_HOME is refused', () => {
  expect(() => homePaths({ MCP_ACP_HOME: 'acp' })).toThrow(/not an absolute path/);
});

test('a socket path never exceeds 104 bytes with its closing NUL', () => {
  for (const length of [1, 40, 60, 80, 200]) {
    const paths = homePaths({ MCP_ACP_HOME: `/${'h'.repeat(length)}` });
    const sockets = ['a', 'n'.repeat(64)].flatMap((name) => [
      paths.managerSocket,
      paths.proxySocket(name),
      paths.proxySocket(name, instance),
    ]);
    for (const socket of sockets) expect(Buffer.byteLength(socket)).toBeLessThan(104);
  }
});

test('where a socket is does not depend on what else is in the environment', () => {
  const home = { MCP_ACP_HOME: `/${'h'.repeat(150)}` };
  const one = homePaths({ ...home, TMPDIR: '/a', XDG_RUNTIME_DIR: '/b' });
  expect(one.proxySocket('p', instance)).toBe(homePaths(home).proxySocket('p', instance));
  expect(one.proxySocket('p', instance)).not.toBe(one.proxySocket('q', instance));
});

test('logDir moves logs alone', () => {
  using home = temporaryHome();
  mkdirSync(home.paths.home);
  atomicWrite(home.paths.managerConfig, JSON.stringify({ logDir: join(home.dir, 'elsewhere') }));
  const paths = openHome({ MCP_ACP_HOME: home.paths.home });
  expect(paths.auditDir('p')).toBe(join(home.dir, 'elsewhere', 'proxies', 'p', 'audit'));
  expect(paths.policy('p')).toBe(home.paths.policy('p'));
});
