import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { startHttpServers } from './fixtures/http-servers.ts';

const bin = fileURLToPath(new URL('../bin/mcp-acp.cjs', import.meta.url));
const backend = fileURLToPath(new URL('./fixtures/debug-backend.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'acp-http-'));
const env = { PATH: process.env.PATH, HOME: folder, MCP_ACP_HOME: join(folder, 'home') };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (...args: readonly string[]) =>
  spawn(process.execPath, [bin, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });

/** The server lives in this process, so commands must not block it. */
function run(...args: readonly string[]): Promise<{ readonly status: number | null; readonly out: string }> {
  return new Promise((resolve) => {
    const child = start(...args);
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.once('close', (status) => resolve({ status, out }));
  });
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

test('status tells whether a running instance reaches its backend, and the last error', async () => {
  const servers = await startHttpServers();
  const add = await run('proxy', 'add', 'remote', '--template', 'allow-all', '--url', `${servers.url}/mcp`);
  expect(add.status).toBe(0);
  await run('config', 'set', 'backend.connectRetries', '0', '--proxy', 'remote');
  const proxy = start('start', '--headless', '--proxy', 'remote');
  const answers = createInterface({ input: proxy.stdout })[Symbol.asyncIterator]();
  const request = async (id: number, method: string, params: object) => {
    proxy.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return JSON.parse((await answers.next()).value);
  };
  const state = async () => JSON.parse((await run('status', '--json')).out).proxies[0].instances[0].backend;
  try {
    const clientInfo = { name: 'test', version: '1' };
    await request(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    expect(await state()).toMatchObject({ state: 'connected' });
    expect((await run('status')).out).toMatch(/backend connected since/);

    await servers.close();
    // The first may still go out on a connection whose end has not been noticed, and is lost with it.
    let code = '';
    for (let id = 2; code !== 'backend_unreachable'; id++) {
      code = (await request(id, 'tools/list', {})).error.data.code;
      expect(['backend_connection_lost', 'backend_unreachable']).toContain(code);
    }
    expect(await state()).toMatchObject({ state: 'failed', lastError: { error: 'ECONNREFUSED' } });
    expect((await run('status')).out).toMatch(/backend failed since .*, last error ECONNREFUSED at /);
    expect((await run('logs', 'list', '--type', 'session')).out).toMatch(/backend failed {2}ECONNREFUSED/);
  } finally {
    const gone = ended(proxy);
    proxy.stdin.end();
    await gone;
  }
});

test('an interrupted debugging client leaves no backend behind', async () => {
  const pidFile = join(folder, 'pid');
  const options = ['--template', 'allow-all', '--no-check', '--env', `PID_FILE=${pidFile}`];
  await run('proxy', 'add', 'files', ...options, '--', process.execPath, backend);
  for (const direct of [[], ['--direct']]) {
    const client = start('debug', 'call', 'get_nothing', '--proxy', 'files', '--trace', ...direct);
    let notes = '';
    await new Promise<void>((resolve) => {
      client.stderr.on('data', (chunk) => {
        notes += chunk;
        if (notes.includes('"tools/call"')) resolve();
      });
    });
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.kill('SIGINT');
    expect(await closed).toBe(2);
    expect(notes).toContain('Stopped.');
    expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH');
  }
  const { out } = await run('status', '--proxy', 'files', '--json');
  expect(JSON.parse(out).proxies[0].instances).toEqual([]);
});
