import {
  request as ask,
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer, type Socket } from 'node:net';

export interface PortSquatter extends AsyncDisposable {
  /** Heads of all requests, as they came. */
  readonly given: readonly string[];
  readonly connections: number;
  /** Gives the port back, but keeps every connection, and passes on what comes on them to whoever has the port now. */
  letGo(): Promise<void>;
}

/** Another program on the port of a manager that is away. It keeps what it is given, and its connections open. */
export async function squatOn(port: number): Promise<PortSquatter> {
  const given: string[] = [];
  const sockets = new Set<Socket>();
  let answer = (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"result":{"data":{"proof":""}}}');
  };
  const http = createHttpServer({ keepAliveTimeout: 0 }, (request, response) => {
    given.push([request.url, ...request.rawHeaders].join('\n'));
    answer(request, response);
  });
  http.on('upgrade', (request, socket) => {
    given.push([request.url, ...request.rawHeaders].join('\n'));
    socket.destroy();
  });
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    http.emit('connection', socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  return {
    given,
    get connections() {
      return sockets.size;
    },
    letGo: () => {
      answer = (request, response) => {
        const { method = 'GET', url = '/', headers } = request;
        const passedOn = ask({ host: '127.0.0.1', port, method, path: url, headers }, (came) => {
          response.writeHead(came.statusCode ?? 502, came.headers);
          came.pipe(response);
        });
        passedOn.on('error', () => response.destroy());
        request.pipe(passedOn);
      };
      // The promise is for the last connection; the port is free at once.
      listener.close();
      return new Promise((resolve) => setImmediate(resolve));
    },
    [Symbol.asyncDispose]: async () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
