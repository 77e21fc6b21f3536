import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPidFile } from '@mcp-acp/admin/manager-pid-file';
import { type StartManagerOptions, startManager } from '@mcp-acp/admin/manager-start';
import { stopManager } from '@mcp-acp/admin/manager-stop';
import { homePaths } from '@mcp-acp/config/home-paths';
import type { Knobs } from './fixtures/small-manager.ts';

const bin = fileURLToPath(new URL('./fixtures/small-manager.mjs', import.meta.url));

/** A port nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A home whose manager is ended with the scope. */
export async function managerHome(knobs: Knobs = {}, folder = 'home') {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'acp-manager-')));
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: dir, MCP_ACP_HOME: join(dir, folder) };
  const paths = homePaths(env);
  mkdirSync(paths.home, { mode: 0o700 });
  const port = await freePort();
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(paths.home, name), JSON.stringify(value));
  write('manager.json', { port });
  write('knobs.json', knobs);
  const children: ChildProcess[] = [];
  /** None of a file that has not been begun. */
  const lines = (file: string): readonly string[] =>
    existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
  return {
    dir,
    env,
    paths,
    port,
    write,
    read: (name: string) => JSON.parse(readFileSync(join(paths.home, name), 'utf8')),
    /** Process ids of all that were started here. */
    starts: () => lines(join(paths.home, 'starts')).map(Number),
    systemLog: () => lines(paths.managerSystemLog).map((line) => JSON.parse(line)),
    start: (more: Partial<StartManagerOptions> = {}) => startManager(paths, { env, bin, ...more }),
    /** In sight, as a child of this process; what it printed when it has ended. */
    foreground: (...args: readonly string[]) => {
      const child = spawn(process.execPath, [bin, 'manager', 'start', '--foreground', ...args], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (chunk) => {
        out += chunk;
      });
      child.stderr.setEncoding('utf8').on('data', (chunk) => {
        out += chunk;
      });
      const ended = new Promise<{ code: number | null; signal: string | null; out: string }>((resolve) =>
        child.once('close', (code, signal) => resolve({ code, signal, out })),
      );
      return {
        child,
        ended,
        ready: until(
          () => readPidFile(paths)?.process.pid === child.pid,
          () => out,
        ),
      };
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children) child.kill('SIGKILL');
      await stopManager(paths, { first: 10, second: 10, force: 10_000 });
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Waits for something a process does in its own time. */
export async function until(condition: () => boolean, said: () => string = () => ''): Promise<void> {
  const endsMs = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > endsMs) throw new Error(`It never came to it. ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
