import { Agent, type IncomingMessage, request } from 'node:http';
import { TimedClient } from './timed-client.ts';

/** A client that posts straight to a server, over kept-alive connections. An answer has come when its body has ended. */
export class HttpClient extends TimedClient {
  readonly pid = undefined;
  private readonly agent = new Agent({ keepAlive: true, noDelay: true });
  private readonly target: object;
  private session: Readonly<Record<string, string>> = {};

  constructor(url: string) {
    super();
    const { hostname, port, pathname } = new URL(url);
    this.target = { hostname, port, path: pathname, method: 'POST', agent: this.agent };
  }

  protected encode(message: object): Buffer {
    return Buffer.from(JSON.stringify(message));
  }

  protected write(body: Buffer): void {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'content-length': body.length,
      ...this.session,
    };
    const post = request({ ...this.target, headers }, (reply) => this.read(reply));
    post.on('error', this.fail);
    post.end(body);
  }

  private read(reply: IncomingMessage): void {
    const opened = reply.headers['mcp-session-id'];
    if (typeof opened === 'string') this.session = { 'mcp-session-id': opened };
    const chunks: Buffer[] = [];
    reply.on('error', this.fail);
    reply.on('data', (chunk: Buffer) => chunks.push(chunk));
    reply.on('end', () => {
      const arrivedMs = performance.now();
      const status = reply.statusCode ?? 0;
      if (status === 200) this.take(Buffer.concat(chunks), arrivedMs);
      else if (status !== 202) this.fail(new Error(`HTTP ${status}`));
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
  }
}
