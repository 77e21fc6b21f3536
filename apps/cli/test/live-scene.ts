import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stopManager } from '@mcp-acp/admin/manager-stop';
import { homePaths } from '@mcp-acp/config/home-paths';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const bin = at('../bin/mcp-acp.cjs');

const policy = `version: 1
rules:
  - { id: reading, effect: allow, when: { tool_name: "read_*" } }
`;

/** How long something may take that a process does in its own time. Milliseconds. */
const patienceMs = 60_000;

export async function until<Value>(what: string, find: () => Value | undefined | false): Promise<Value> {
  const endsMs = performance.now() + patienceMs;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endsMs) throw new Error(`It never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const gone = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', resolve));

/** What a server answered, as far as a test looks at it. */
interface Answer {
  readonly id: number;
  readonly result: { readonly isError?: boolean; readonly structuredContent?: unknown };
}

/** A home with real proxies in front of a real server; all that runs is ended with the scope. */
export async function liveScene(...names: readonly string[]) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'acp-live-')));
  const port = await freePort();
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: dir,
    MCP_ACP_HOME: join(dir, 'home'),
    TZ: 'UTC',
  };
  const paths = homePaths(env);
  mkdirSync(paths.home, { mode: 0o700 });
  writeFileSync(paths.managerConfig, JSON.stringify({ port, openBrowser: false }), { mode: 0o600 });
  const children: ChildProcess[] = [];

  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const json = (...args: readonly string[]) => {
    const [before, after] = args.includes('--')
      ? [args.slice(0, args.indexOf('--')), args.slice(args.indexOf('--'))]
      : [args, []];
    const { stdout, stderr } = run(...before, '--json', ...after);
    if (stdout === '') throw new Error(`mcp-acp ${args.join(' ')} printed nothing: ${stderr}`);
    return JSON.parse(stdout);
  };
  const start = (args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [bin, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };

  const server = ['--', process.execPath, at('./fixtures/backend.mjs')];
  for (const name of names) {
    json('proxy', 'add', name, '--template', 'strict', '--no-check', ...server);
    writeFileSync(paths.policy(name), policy);
    json('policy', 'confirm', '--proxy', name);
  }

  return {
    dir,
    env,
    paths,
    port,
    run,
    json,
    /** Starts an instance of a proxy as a client does that is called "tester", and speaks to it. */
    async proxy(name: string, ...more: readonly string[]) {
      const child = start(['start', '--headless', '--proxy', name, ...more]);
      if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
      const { stdin } = child;
      const waiting = new Map<number, (answer: Answer) => void>();
      createInterface({ input: child.stdout }).on('line', (line) => {
        const answer: Answer = JSON.parse(line);
        waiting.get(answer.id)?.(answer);
      });
      let id = 0;
      const request = (method: string, params: object) =>
        new Promise<Answer>((resolve) => {
          waiting.set(++id, resolve);
          stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
        });
      await request('initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'tester', version: '1.2' },
      });
      return {
        pid: child.pid ?? 0,
        call: (tool: string, given: object = {}) => request('tools/call', { name: tool, arguments: given }),
        end: async () => {
          stdin.end();
          await gone(child);
        },
      };
    },
    /** A command that goes on until it is stopped, and what it has printed, one JSON document a line. */
    follow(...args: readonly string[]) {
      const child = start([...args, '--json']);
      const lines: Record<string, unknown>[] = [];
      let notes = '';
      if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
      child.stderr.setEncoding('utf8').on('data', (chunk) => {
        notes += chunk;
      });
      return {
        lines,
        notes: () => notes,
        stop: () => {
          child.kill('SIGINT');
          return gone(child);
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children) {
        child.stdin?.end();
        child.kill('SIGTERM');
      }
      await Promise.all(children.map(gone));
      await stopManager(paths, { first: 20_000, second: 5_000, force: 10_000 });
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
