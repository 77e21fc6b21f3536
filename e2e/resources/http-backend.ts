import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { eventually } from './journal.ts';
import type { WireMessage } from './line-client.ts';

/** One HTTP request as the backend saw it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as parsed; a request without one has no method either. */
  readonly message: WireMessage;
  /** Which of the backend's connections it came on, from 1. */
  readonly connection: number;
  /** Whether the other end let go of it before it was answered. */
  readonly isLetGo: () => boolean;
}

export type Serve = (received: Received, response: ServerResponse) => unknown;

/** What it does with a message of this method, or with `GET`, `DELETE`, `BATCH`, and `ANSWER`, which has no method. */
export type Script = Readonly<Record<string, Serve>>;

/** Answers with one body. */
export function json(response: ServerResponse, message: unknown, headers: object = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(typeof message === 'string' ? message : JSON.stringify(message));
}

/** Answers with a status that is no answer. */
export function status(response: ServerResponse, code: number, headers: object = {}, body = ''): void {
  response.writeHead(code, { ...headers }).end(body);
}

/** Answers with a stream of events. */
export function stream(response: ServerResponse): {
  event(message: unknown, id?: string): void;
  raw(text: string | Buffer): void;
  end(): void;
} {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  return {
    event: (message, id) => {
      const data = typeof message === 'string' ? message : JSON.stringify(message);
      response.write(`${id === undefined ? '' : `id: ${id}\n`}event: message\ndata: ${data}\n\n`);
    },
    raw: (text) => response.write(text),
    end: () => response.end(),
  };
}

/** The result of a tool that says something, as an answer to what was received. */
export const answer = ({ message }: Received, text: string): object => ({
  jsonrpc: '2.0',
  id: message.id,
  result: { resultType: 'complete', content: [{ type: 'text', text }] },
});

/** The answer to a handshake, to the revision that was asked for or another. */
export const initializeResult = ({ message }: Received, revision?: string): object => ({
  jsonrpc: '2.0',
  id: message.id,
  result: {
    protocolVersion: revision ?? message.params.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'http-backend', version: '1.0.0' },
  },
});

/**
 * A backend on Streamable HTTP that does what a test's script says, and else what a small stateful server would: it
 * gives each handshake a session and answers a call with `ran`.
 */
export class HttpBackend implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly sessions: string[] = [];
  connections = 0;
  /** The most that were open at once. */
  mostConnections = 0;
  private readonly script: Script;
  private readonly sockets = new Map<Socket, number>();
  private server: Server | undefined;
  private port = 0;

  private constructor(script: Script) {
    this.script = script;
  }

  static async start(script: Script = {}): Promise<HttpBackend> {
    const backend = new HttpBackend(script);
    await backend.listen();
    return backend;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  /** Starts to listen, on the port it had before if it had one. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const received: Received = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body,
          message: body.length === 0 ? {} : JSON.parse(body.toString('utf8')),
          connection: this.sockets.get(request.socket) ?? 0,
          isLetGo: () => response.destroyed && !response.writableFinished,
        };
        this.received.push(received);
        this.serve(received, response);
      });
    });
    server.on('connection', (socket) => {
      this.connections++;
      this.sockets.set(socket, this.connections);
      this.mostConnections = Math.max(this.mostConnections, this.sockets.size);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  /** Stops listening and breaks every connection. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.breakConnections();
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  breakConnections(): void {
    for (const socket of this.sockets.keys()) socket.destroy();
  }

  private serve(received: Received, response: ServerResponse): void {
    const { method, message } = received;
    const name = method !== 'POST' ? method : Array.isArray(message) ? 'BATCH' : (message.method ?? 'ANSWER');
    const scripted = this.script[name];
    if (scripted !== undefined) scripted(received, response);
    else if (name === 'GET') status(response, 405);
    else if (name === 'DELETE') status(response, 200);
    else if (name === 'initialize') {
      this.sessions.push(`session-${this.sessions.length + 1}`);
      json(response, initializeResult(received), { 'mcp-session-id': this.sessions.at(-1) });
    } else if (message.id === undefined || name === 'ANSWER') status(response, 202);
    else json(response, answer(received, 'ran'));
  }

  /** What was received of one method, of JSON-RPC or of HTTP. */
  of(method: string): readonly Received[] {
    return this.received.filter((one) => (one.message.method ?? one.method) === method);
  }

  until(what: string, condition: () => boolean): Promise<boolean> {
    return eventually(what, () => condition());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
