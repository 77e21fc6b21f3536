import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One HTTP request and its reply as they crossed the wire. */
export interface TappedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  status: number | undefined;
  replyHeaders: IncomingHttpHeaders;
  readonly reply: Buffer[];
}

/** A byte-exact tee on an HTTP wire, between the proxy and its backend. */
export interface HttpTap extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly TappedRequest[];
  /** Sockets that were ever opened to it. */
  readonly connections: () => number;
}

/** Starts a tap that passes everything on to `target`, an `http:` URL whose path it keeps. */
export async function httpTap(target: string): Promise<HttpTap> {
  const origin = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const requests: TappedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const tapped: TappedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
      status: undefined,
      replyHeaders: {},
      reply: [],
    };
    requests.push(tapped);
    const { host: _, ...headers } = request.headers;
    const onward = httpRequest(
      { host: origin.hostname, port: origin.port, path: request.url, method: request.method, headers, agent },
      (reply) => {
        tapped.status = reply.statusCode;
        tapped.replyHeaders = reply.headers;
        response.writeHead(reply.statusCode ?? 500, reply.headers);
        response.flushHeaders();
        reply.on('data', (chunk: Buffer) => {
          tapped.reply.push(chunk);
          response.write(chunk);
        });
        reply.on('end', () => response.end());
        reply.on('error', () => response.destroy());
      },
    );
    onward.on('error', () => response.destroy());
    // A client that leaves takes its request with it.
    response.on('close', () => onward.destroy());
    onward.end(tapped.body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${origin.pathname}`,
    requests,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The data of every `message` event of an event stream; other events are not messages. */
function eventData(stream: Buffer): readonly Buffer[] {
  return stream
    .toString('utf8')
    .split(/\r?\n\r?\n/)
    .flatMap((block) => {
      const lines = block.split(/\r?\n/);
      const type = lines
        .find((line) => line.startsWith('event:'))
        ?.slice('event:'.length)
        .trim();
      const data = lines
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''));
      if (data.length === 0 || data.join('') === '' || (type ?? 'message') !== 'message') return [];
      return [Buffer.from(data.join('\n'))];
    });
}

/** Every message that went to the backend. */
export const messagesToServer = (tap: HttpTap): readonly Buffer[] =>
  tap.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);

const isGood = ({ status = 0 }: TappedRequest): boolean => status >= 200 && status < 300;

/** Ids of the requests that were refused by a status: what their client is told is the proxy's wording. */
export const refusedByStatus = (tap: HttpTap): readonly unknown[] =>
  tap.requests.flatMap((one) =>
    one.method !== 'POST' || isGood(one) ? [] : [JSON.parse(one.body.toString('utf8')).id],
  );

/** Every message the backend sent, in replies and on streams. */
export const messagesToClient = (tap: HttpTap): readonly Buffer[] =>
  tap.requests.filter(isGood).flatMap(({ replyHeaders, reply }) => {
    const type = replyHeaders['content-type'] ?? '';
    const body = Buffer.concat(reply);
    if (type.startsWith('text/event-stream')) return eventData(body);
    return type.startsWith('application/json') && body.length > 0 ? [body] : [];
  });
