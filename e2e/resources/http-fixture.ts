import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Command } from './fixtures.ts';
import { patienceMs } from './line-client.ts';

/** A server in a process of its own that says `{"port":N}` once it listens, and ends when its standard input does. */
export interface HttpFixture extends AsyncDisposable {
  readonly url: string;
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
}

export async function httpFixture([program, ...args]: Command): Promise<HttpFixture> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server never said its port')), patienceMs);
    lines.once('line', (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line).port);
    });
    child.once('close', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    child,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(killer);
    },
  };
}
