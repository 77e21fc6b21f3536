import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homePaths } from '@mcp-acp/config/home-paths';
import { policyDigest } from '@mcp-acp/config/policy-history';
import { afterEach, expect, it } from 'vitest';
import { type ConfigInForce, createConfigInForce, loadConfig } from '../src/config-in-force.ts';

const bases: string[] = [];
afterEach(() => {
  for (const base of bases.splice(0)) rmSync(base, { recursive: true, force: true });
});

const plain = { format: 1, id: 'px_abcdefghijklmnop', backend: { command: 'node', args: ['a'] } };

function setUp(): { readonly config: ConfigInForce; write(value: unknown): string } {
  const base = mkdtempSync(join(tmpdir(), 'acp-config-'));
  bases.push(base);
  const paths = homePaths({ MCP_ACP_HOME: base });
  mkdirSync(paths.proxyDir('p'), { recursive: true });
  const write = (value: unknown): string => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    writeFileSync(paths.proxyConfig('p'), text);
    return policyDigest(text);
  };
  write(plain);
  return { config: createConfigInForce(paths, 'p', loadConfig(paths, 'p')), write };
}

it('[CONFIG-RELOAD] what a running instance can take over is in force at once', () => {
  const { config, write } = setUp();
  expect(config.reload()).toEqual([]);
  const before = config.version();
  const rate = { calls: 3 };
  const version = write({ ...plain, enabled: false, limits: { rate } });
  expect(config.reload()).toEqual([
    {
      type: 'config',
      event: 'loaded',
      version,
      previous: before,
      changed: expect.arrayContaining(['enabled', 'limits.rate.calls']),
    },
  ]);
  expect(config.current()).toMatchObject({ enabled: false, limits: { rate: { calls: 3 } } });
  expect(config.reload()).toEqual([]);
  const again = write(plain);
  expect(config.reload()).toMatchObject([{ event: 'loaded', version: again }]);
  expect(config.current().enabled).toBe(true);
  expect(config.current().limits.rate).toBeUndefined();
});

it('[CONFIG-RELOAD] what needs a start is held, told once, and stays as it was', () => {
  const { config, write } = setUp();
  const version = write({ ...plain, enabled: false, backend: { command: 'other' }, logLevel: 'debug' });
  expect(config.reload()).toEqual([
    expect.objectContaining({ event: 'loaded', version, changed: ['enabled'] }),
    expect.objectContaining({
      event: 'held',
      version,
      changed: expect.arrayContaining(['backend.command', 'backend.args', 'logLevel']),
    }),
  ]);
  expect(config.current()).toMatchObject({ enabled: false, backend: { command: 'node' }, logLevel: 'info' });
  expect(config.reload()).toEqual([]);
  write({ ...plain, enabled: false });
  expect(config.reload()).toMatchObject([{ event: 'loaded', changed: [] }]);
});

it('[CONFIG-RELOAD] a broken file is rejected with its place, told once, and changes nothing', () => {
  const { config, write } = setUp();
  const before = config.version();
  const version = write('{ "format": 1, "enabeld": false }');
  expect(config.reload()).toEqual([
    {
      type: 'config',
      event: 'rejected',
      version,
      previous: before,
      problem: expect.stringContaining('enabeld'),
    },
  ]);
  expect(config.reload()).toEqual([]);
  expect(config.version()).toBe(before);
  write(plain);
  expect(config.reload()).toEqual([]);
  expect(config.current().enabled).toBe(true);
});
