import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/mcp-acp.cjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'acp-stub-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the stub in a Node that says it is another one. */
function runAs(pretend: string, ...args: readonly string[]) {
  const preload = join(folder, 'pretend.cjs');
  writeFileSync(preload, pretend);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', preload, bin, ...args], {
    encoding: 'utf8',
    input: '',
    env: { PATH: process.env.PATH, HOME: folder, MCP_ACP_HOME: join(folder, 'home') },
  });
  return { status, stdout, stderr };
}

const windows = `Object.defineProperty(process, 'platform', { value: 'win32' });`;
const oldNode = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });`;

test('Windows: everything but --help says it is not supported yet', () => {
  for (const args of [['status'], ['start', '--proxy', 'files'], []]) {
    const { status, stderr } = runAs(windows, ...args);
    expect(status).toBe(1);
    expect(stderr).toContain('does not run on Windows yet');
  }
  expect(JSON.parse(runAs(windows, 'status', '--json').stdout).error.code).toBe('unsupported_platform');
  expect(runAs(windows, '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Usage: mcp-acp'),
  });
});

test('an old Node is told which one is needed', () => {
  expect(runAs(oldNode, '--help')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('needs Node 20.19'),
  });
});

test('start takes its own options and nothing else', () => {
  expect(runAs('', 'start', '--proxy')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--proxy needs a name'),
  });
  expect(runAs('', 'start', '--prxy', 'x')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('"--prxy"'),
  });
  expect(runAs('', 'start', '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('mcp-acp start --proxy files'),
  });
  expect(runAs('', 'start', '--proxy=nobody').status).toBe(16);
});
