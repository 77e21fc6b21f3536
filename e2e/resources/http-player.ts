import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { idKey, type RequestId } from '@mcp-acp/mcp/message';
import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import { patienceMs } from './line-client.ts';

/**
 * How the player replies. `json`: answers as JSON bodies, the rest on the stream that the client opened with GET.
 * `stream`: everything on the streams of the requests it belongs to. `older`: HTTP+SSE, with one stream for all.
 */
export type ReplyForm = 'json' | 'stream' | 'older';

/** A request of the client whose HTTP response is still open. */
interface Held {
  readonly ids: ReadonlySet<string | number>;
  readonly response: ServerResponse;
}

const carriageReturn = /\r/g;

/** A line as HTTP brings it: a line break, which JSON has between tokens only, arrives as a tab. */
export const asHttpBrings = (line: Buffer): Buffer =>
  Buffer.from(line.toString('latin1').replace(carriageReturn, '\t'), 'latin1');

/** A backend on HTTP that says what a test tells it to say, and tells what it was told: every body as its bytes. */
export class HttpPlayer implements AsyncDisposable {
  /** The bodies that were posted, in order. */
  readonly arrived: Buffer[] = [];
  private readonly form: ReplyForm;
  private readonly server: Server;
  private readonly held: Held[] = [];
  private serverStream: ServerResponse | undefined;
  private wake: () => void = () => {};

  private constructor(form: ReplyForm) {
    this.form = form;
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'POST') this.take(Buffer.concat(chunks), response);
        else if (request.method === 'GET') this.opened(response);
        else response.writeHead(200).end();
        this.wake();
      });
    });
  }

  static async start(form: ReplyForm): Promise<HttpPlayer> {
    const player = new HttpPlayer(form);
    player.server.listen(0, '127.0.0.1');
    await once(player.server, 'listening');
    return player;
  }

  /** How a proxy is configured to reach it. */
  get backend(): { readonly transport: 'http' | 'sse'; readonly url: string } {
    const { port } = this.server.address() as AddressInfo;
    return { transport: this.form === 'older' ? 'sse' : 'http', url: `http://127.0.0.1:${port}/mcp` };
  }

  private opened(response: ServerResponse): void {
    if (this.form === 'stream') {
      response.writeHead(405).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(this.form === 'older' ? 'event: endpoint\ndata: /mcp\n\n' : ': here\n\n');
    this.serverStream = response;
  }

  private take(body: Buffer, response: ServerResponse): void {
    const message = checkMessage(body);
    const members = message.kind === 'batch' ? message.members : [message];
    const ids = members.flatMap((member) => (member.kind === 'request' ? [member.id] : []));
    if (ids.some(isOwnQuestion)) {
      // The HTTP end asks for the tools anew where a server says that a call's headers do not fit; it learns nothing here.
      const error = { code: -32601, message: 'not here' };
      reply(response, Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: ids[0], error })));
      return;
    }
    this.arrived.push(body);
    if (ids.length === 0 || this.form === 'older') response.writeHead(202).end();
    else this.held.push({ ids: new Set(ids.map(idKey)), response });
  }

  /** Says a line, on the HTTP response where it belongs. */
  async say(line: Buffer): Promise<void> {
    const message = checkMessage(line);
    const members = message.kind === 'batch' ? message.members : [message];
    const [first] = members;
    if (first?.kind !== 'response' || this.form === 'older') {
      writeEvent(await this.streamForOthers(), line);
      return;
    }
    const at = this.held.findIndex(({ ids }) => ids.has(idKey(first.id)));
    const [held] = this.held.splice(at, at === -1 ? 0 : 1);
    if (held === undefined) throw new Error(`nobody asked ${JSON.stringify(first.id)}`);
    if (this.form === 'json' && !held.response.headersSent) reply(held.response, line);
    else {
      writeEvent(held.response, line);
      held.response.end();
    }
  }

  /** Where what answers nothing goes: the server's own stream, else that of the request that waits longest. */
  private async streamForOthers(): Promise<ServerResponse> {
    const find = (): ServerResponse | undefined => this.serverStream ?? this.held[0]?.response;
    await this.until('a stream to speak on', () => find() !== undefined);
    return find() as ServerResponse;
  }

  /** Resolves when `count` messages have arrived in all. */
  arrivals(count: number): Promise<void> {
    return this.until(`message ${count} at the backend`, () => this.arrived.length >= count);
  }

  private async until(what: string, condition: () => boolean): Promise<void> {
    const until = Date.now() + patienceMs;
    while (!condition()) {
      const leftMs = until - Date.now();
      if (leftMs <= 0) throw new Error(`${what} never came; ${this.arrived.length} messages did`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const isOwnQuestion = (id: RequestId): boolean => typeof id === 'string' && id.startsWith('mcp-acp-');

function reply(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'corpus' }).end(body);
}

/** One event whose data is the line; each of its line breaks begins another `data` field, as the format says. */
function writeEvent(response: ServerResponse, line: Buffer): void {
  if (!response.headersSent) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'mcp-session-id': 'corpus' });
  }
  const data = line.toString('latin1').replace(carriageReturn, '\ndata: ');
  response.write(Buffer.from(`event: message\ndata: ${data}\n\n`, 'latin1'));
}
