import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSocketClient, type SocketClient } from '@mcp-acp/api/client/socket-client';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import { binary } from './fixtures.ts';
import { patienceMs } from './line-client.ts';
import type { TempHome } from './temp-home.ts';

/** A manager of a test's home, in its own process. Ended with the test. */
export interface RunningManager extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly client: SocketClient<AppRouter>;
  /** What it has said. */
  output(): string;
  /** As if the power went: nothing is put in order. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A port on 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the built manager and waits until it answers on its socket. */
export async function startManager(home: TempHome, port?: number): Promise<RunningManager> {
  const chosen = port ?? (await freePort());
  const args = [binary, 'manager', 'start', '--foreground', '--headless', '--port', String(chosen)];
  const child = spawn(process.execPath, args, { env: home.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit');
  const client = openSocketClient<AppRouter>({ path: home.paths.managerSocket });
  await untilItAnswers(child, client, () => output);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await exited;
    }
    client.close();
  };
  return {
    pid: child.pid as number,
    port: chosen,
    client,
    output: () => output,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

async function untilItAnswers(
  child: ChildProcess,
  client: SocketClient<AppRouter>,
  output: () => string,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 50) {
    if (child.exitCode !== null) break;
    const isThere = await client.api.manager.status.query().then(
      (status) => status.pid === child.pid,
      () => false,
    );
    if (isThere) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`The manager does not answer. It said:\n${output()}`);
}
