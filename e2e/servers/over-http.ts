import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import {
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { definedOnly } from '../resources/v1-agent.ts';
import { Conversation } from './conversation.ts';
import type { HttpMode } from './matrix-server.ts';
import { type Observation, observe } from './observe.ts';
import type { Stage } from './stage.ts';

const proxyName = 'matrix';
/** Longest wait until a server listens. */
const patienceMs = 120_000;

export interface HttpRun {
  readonly stage: Stage;
  readonly mode: HttpMode;
  readonly revision: string;
}

/** The client speaks HTTP to the server itself. */
export async function directlyOverHttp({ stage, mode, revision }: HttpRun): Promise<Observation> {
  await using listening = await Listening.start(stage, mode);
  const url = new URL(listening.url);
  const requestInit = { headers: { ...mode.headers } };
  const transport: Transport =
    mode.transport === 'sse'
      ? new SSEClientTransport(url, { requestInit })
      : new StreamableHTTPClientTransport(url, { requestInit });
  await using conversation = await Conversation.open(transport, stage.place.folder);
  return await observe(conversation, revision, stage.server.calls(stage.place));
}

/** The client speaks to the proxy on stdio, and the proxy speaks HTTP to the server. */
export async function throughProxyOverHttp({ stage, mode, revision }: HttpRun): Promise<Observation> {
  await using listening = await Listening.start(stage, mode);
  const { transport, headers = {} } = mode;
  stage.addProxy(proxyName, { backend: { transport, url: listening.url, headers } });
  const near = stage.stdio(stage.startCommand(proxyName), {});
  await using conversation = await Conversation.open(near, stage.place.folder);
  return await observe(conversation, revision, stage.server.calls(stage.place));
}

/** A server that listens on a port of this machine, ended with the block that holds it. */
class Listening implements AsyncDisposable {
  readonly url: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  static async start(stage: Stage, mode: HttpMode): Promise<Listening> {
    stage.layFolder();
    const port = await freePort();
    const [command, ...args] = stage.command(mode.args(port, stage.place));
    const child = spawn(command, args, {
      cwd: stage.place.folder,
      env: { ...definedOnly(stage.env), ...stage.serverEnv(mode.env?.(port)) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-2_000);
    });
    const listening = new Listening(child, `http://localhost:${port}${mode.path}`);
    const until = Date.now() + patienceMs;
    while (!(await accepts(port))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > until) {
        await listening[Symbol.asyncDispose]();
        throw new Error(`the server does not listen on port ${port}\n${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return listening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    const force = setTimeout(() => this.child.kill('SIGKILL'), 3_000);
    this.child.kill('SIGTERM');
    await ended;
    clearTimeout(force);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
