import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const bin = at('../bin/mcp-acp.cjs');
const folder = mkdtempSync(join(tmpdir(), 'acp-live-'));
const home = join(folder, 'home');
const env = { PATH: process.env.PATH, HOME: folder, MCP_ACP_HOME: home };
const policy = join(home, 'proxies', 'files', 'policy.yaml');
let proxy: ChildProcess;

const run = (...args: readonly string[]) => {
  const { status, stdout } = spawnSync(process.execPath, [bin, ...args, '--json'], { env, encoding: 'utf8' });
  return { status, answer: JSON.parse(stdout) };
};

/** Resolves with the first line of a stream for which `wanted` holds. */
function line(child: ChildProcess, wanted: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout === null) throw new Error('no stdout');
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (text) => {
      if (!wanted(text)) return;
      lines.close();
      resolve(text);
    });
  });
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

beforeAll(async () => {
  const added = spawnSync(
    process.execPath,
    [
      bin,
      'proxy',
      'add',
      'files',
      '--template',
      'strict',
      '--no-check',
      '--',
      process.execPath,
      at('./fixtures/backend.mjs'),
    ],
    { env, encoding: 'utf8' },
  );
  expect(added.status).toBe(0);
  proxy = spawn(process.execPath, [bin, 'start', '--headless', '--proxy', 'files'], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answered = line(proxy, (text) => text.includes('"id":1'));
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  proxy.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
  await answered;
});

afterAll(async () => {
  const gone = ended(proxy);
  proxy.stdin?.end();
  await gone;
  rmSync(folder, { recursive: true, force: true });
});

test('a running instance is seen, asked to reload, and takes what is saved', async () => {
  const { answer } = run('status');
  expect(answer.proxies[0].instances).toMatchObject([{ pid: proxy.pid }]);
  expect(run('policy', 'reload').answer.instances).toMatchObject([{ pid: proxy.pid, asked: true }]);
  expect(run('proxy', 'remove', 'files', '--yes')).toMatchObject({ status: 2 });

  const tail = spawn(process.execPath, [bin, 'logs', 'tail', '--type', 'policy', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const first = line(tail, () => true);
  expect(JSON.parse(await first).record.type).toBe('policy');
  const loaded = line(tail, (text) => JSON.parse(text).record.changed?.includes('allow-read-file'));
  const saved = run('policy', 'add', '--effect', 'allow', '--tool', 'read_file').answer;
  expect(saved.instances).toMatchObject([{ pid: proxy.pid, asked: true }]);
  expect(JSON.parse(await loaded).record).toMatchObject({ event: 'loaded', version: saved.version.digest });
  const exit = ended(tail);
  tail.kill('SIGINT');
  expect(await exit).toBe(0);
});

test('what allows more is held when it was edited by hand, until it is confirmed', async () => {
  const follow = (event: string) => {
    const tail = spawn(
      process.execPath,
      [bin, 'logs', 'tail', '--type', 'policy', '--limit', '50', '--json'],
      {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return line(tail, (text) => {
      const { record } = JSON.parse(text);
      return record.event === event && record.changed?.includes('by-hand');
    }).finally(() => {
      const exit = ended(tail);
      tail.kill('SIGTERM');
      return exit;
    });
  };
  appendFileSync(policy, '  - { id: by-hand, effect: allow, when: { tool_name: write_file } }\n');
  await follow('held');
  const standing = () => run('status').answer.proxies[0].policy.standing;
  expect(standing()).toBe('held');
  expect(run('policy', 'confirm').answer).toMatchObject({ already: false, instances: [{ asked: true }] });
  await follow('loaded');
  expect(standing()).toBe('in_force');
  expect(readFileSync(policy, 'utf8')).toContain('by-hand');
});

test('a reader that has enough is no failure', () => {
  const { stdout, stderr } = spawnSync(
    '/bin/sh',
    ['-c', `"$0" "$1" policy show | head -1; "$0" "$1" --help | head -1`, process.execPath, bin],
    {
      env,
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^# Nothing.*\nUsage: mcp-acp/);
});
