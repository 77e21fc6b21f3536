import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { WebLimits } from './web-limits.ts';

export interface BoundedConnections {
  readonly count: number;
  /** An operation of somebody who is let in runs on this connection: it is not given up. Call what it returns when it is over. */
  hold(socket: Socket): () => void;
}

/**
 * Keeps at most so many connections to a server. Where one more comes, whichever has waited longest without an operation
 * of its own is closed: who opens connections and says nothing takes room from themselves, not from a page that comes
 * later. Browsers open a connection again that was closed while it was idle.
 */
export function boundConnections(
  server: Server,
  { connections: most, silenceMs }: Pick<WebLimits, 'connections' | 'silenceMs'>,
): BoundedConnections {
  /** How many operations run on each, the longest idle first. */
  const connections = new Map<Socket, number>();

  const giveUpIdlest = (): void => {
    for (const [socket, running] of connections) {
      if (running > 0) continue;
      connections.delete(socket);
      socket.destroy();
      return;
    }
  };

  server.on('connection', (socket: Socket) => {
    if (connections.size >= most) giveUpIdlest();
    if (connections.size >= most) {
      socket.destroy();
      return;
    }
    connections.set(socket, 0);
    socket.once('close', () => connections.delete(socket));
  });

  return {
    get count() {
      return connections.size;
    },
    hold: (socket) => {
      const running = connections.get(socket);
      if (running !== undefined) connections.set(socket, running + 1);
      // It may take longer than a connection may be silent.
      socket.setTimeout(0);
      let isOver = false;
      return () => {
        const now = connections.get(socket);
        if (isOver || now === undefined) return;
        isOver = true;
        // The newest of the idle ones now.
        connections.delete(socket);
        connections.set(socket, now - 1);
        if (now === 1) socket.setTimeout(silenceMs);
      };
    },
  };
}
