import { chmodSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { createServer, type Server, Socket } from 'node:net';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { AnyTRPCRouter } from '@trpc/server';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import type { Connection } from '../connection.ts';
import type { ApiContext } from '../context.ts';
import { SocketPeer } from './socket-peer.ts';
import { isOurFault } from './whose-fault.ts';

export interface SocketServerOptions {
  /** In a folder the caller has checked to be the user's own. */
  readonly path: string;
  readonly router: AnyTRPCRouter;
  /** Made once for each connection. */
  readonly context: (connection: Connection) => ApiContext;
  /** What went wrong in an operation and is nobody's fault but ours. */
  readonly onFault?: (error: unknown, path: string | undefined) => void;
}

export interface SocketServer {
  /** Connections that stand now. */
  readonly connections: number;
  /**
   * Stops listening, which takes the socket's file away, lets the calls that have come have their answer for at most
   * `graceMs` milliseconds, and ends all connections.
   */
  close(graceMs?: number): Promise<void>;
}

const mostConnections = 512;

/** The WebSocket handler reads nothing of a request but its URL. */
const noRequest = (): IncomingMessage => Object.assign(new IncomingMessage(new Socket()), { url: '/' });

/**
 * Serves a router on a Unix socket that this user alone can open. Throws AcpError('internal') with the system's code
 * where it cannot listen; EADDRINUSE among them, since only the caller knows whether the file is a dead program's.
 */
export async function listenOnSocket(options: SocketServerOptions): Promise<SocketServer> {
  const { path, router, context, onFault } = options;
  const peers = new Set<SocketPeer>();
  const answer = (peer: SocketPeer): void => {
    const handle = getWSConnectionHandler({
      router,
      // The handler takes its options from a WebSocket server's, of which it uses nothing else.
      wss: undefined as never,
      createContext: () => context(peer),
      experimental_encoder: peer.encoder,
      onError: ({ error, path }) => {
        if (isOurFault(error)) onFault?.(error.cause ?? error, path);
      },
    });
    handle(peer as never, noRequest());
  };
  const server = createServer((socket) => {
    const peer = new SocketPeer(socket);
    peers.add(peer);
    peer.once('close', () => peers.delete(peer));
    answer(peer);
  });
  server.maxConnections = mostConnections;
  await listen(server, path);
  server.on('error', (error) => onFault?.(error, undefined));
  return {
    get connections() {
      return peers.size;
    },
    close: async (graceMs = 0) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const finished = Promise.all([...peers].map((peer) => peer.finish()));
      await within(graceMs, finished);
      for (const peer of peers) peer.terminate();
      await closed;
    },
  };
}

/** Resolves with the promise, or when the time is over. Milliseconds. */
async function within(mostMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, mostMs);
  });
  await Promise.race([promise, over]);
  clearTimeout(timer);
}

async function listen(server: Server, path: string): Promise<void> {
  // No moment at which another user could connect.
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
      // The file is made within `listen`, before the next turn of the event loop.
      process.umask(before);
    });
    chmodSync(path, 0o600);
  } catch (error) {
    const code = systemErrorCode(error) ?? 'unknown';
    throw new AcpError('internal', `The socket ${path} cannot be opened (${code}).`, { cause: error });
  } finally {
    process.umask(before);
  }
}
