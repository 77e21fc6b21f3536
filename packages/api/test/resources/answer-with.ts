import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface AnsweringProgram extends AsyncDisposable {
  readonly connections: number;
}

/** A program that listens on a socket and says what a test wants, for each line it hears; nothing is checked. */
export async function answerWith(
  path: string,
  answer: (line: string, socket: Socket) => void,
): Promise<AnsweringProgram> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = `${text}${String(chunk)}`.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) answer(line, socket);
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
