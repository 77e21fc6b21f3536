import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { trpcErrorOf } from '@mcp-acp/api/access/error-shape';
import { type Connection, countOperations, fullConnectionBytes } from '@mcp-acp/api/connection';
import type { ApiContext } from '@mcp-acp/api/context';
import { holdEarlyStops } from '@mcp-acp/api/server/hold-early-stops';
import { isOurFault } from '@mcp-acp/api/server/whose-fault';
import { AcpError } from '@mcp-acp/shared/errors';
import type { AnyTRPCRouter } from '@trpc/server';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AccessGate } from '../access/open-access.ts';
import type { WebConnection } from './web-ports.ts';

export interface PageSocketOptions {
  readonly router: AnyTRPCRouter;
  readonly access: Pick<AccessGate, 'pageOf' | 'stillThere' | 'onEnded'>;
  readonly createContext: (connection: WebConnection) => ApiContext;
  readonly onFault: (error: unknown, path: string | undefined) => void;
  /** Told whenever a page comes or goes. */
  readonly onPages: (open: number) => void;
  readonly frameBytes: number;
  readonly most: number;
  /** Until the token must have come. Milliseconds. */
  readonly tokenMs: number;
}

export interface AskedUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly cookies: readonly string[];
  /** Called once the page has shown its token. */
  readonly recognised: () => void;
}

export interface PageSockets {
  /** Pages that have shown cookie and token. */
  readonly pages: number;
  /** Whether there is room for one more; room is made of those who have not shown their token yet. */
  makeRoom(): boolean;
  /** Takes over a connection the request of which has been checked. */
  accept(asked: AskedUpgrade): void;
  close(): void;
}

/** In the range a program may use for its own reasons. */
const lockedCode = 4401;
const goingAway = 1001;
/** A side that does not close in return is cut off. Milliseconds. */
const closeGraceMs = 500;

interface Peer {
  readonly cookies: readonly string[];
  readonly drained: () => Promise<void>;
  readonly recognised: () => void;
  readonly deadline: NodeJS.Timeout;
  session: string | undefined;
}

/** The WebSockets of unlocked pages, by which they subscribe to what happens. */
export function createPageSockets(options: PageSocketOptions): PageSockets {
  const { router, access, createContext, onFault, onPages, frameBytes, most, tokenMs } = options;
  const peers = new Map<WebSocket, Peer>();
  const pages = (): number => [...peers.values()].filter(({ session }) => session !== undefined).length;

  const letIn = (ws: WebSocket, token: string | undefined): ApiContext => {
    const peer = peers.get(ws);
    const session = token === undefined ? undefined : peer && access.pageOf(peer.cookies, token);
    if (peer === undefined || session === undefined) throw trpcErrorOf(new AcpError('locked'));
    clearTimeout(peer.deadline);
    peer.session = session;
    peer.recognised();
    onPages(pages());
    const connection: Connection = { drained: peer.drained, enter: countOperations() };
    return createContext({ caller: { kind: 'page', session }, connection });
  };

  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: frameBytes,
  });
  const answer = (ws: WebSocket, request: IncomingMessage): void => {
    const handle = getWSConnectionHandler({
      router,
      wss: server,
      createContext: ({ res, info }) => letIn(res, info.connectionParams?.token),
      // One for each connection, since it knows what runs on it.
      experimental_encoder: holdEarlyStops(ws),
      onError: ({ error, path }) => {
        if (isOurFault(error)) onFault(error.cause ?? error, path);
      },
      keepAlive: { enabled: true, pingMs: 15_000, pongWaitMs: 15_000 },
    });
    handle(ws, request);
  };

  const end = (ws: WebSocket, code: number, reason: string): void => {
    ws.close(code, reason);
    setTimeout(() => ws.terminate(), closeGraceMs).unref();
  };

  const stopListening = access.onEnded((session) => {
    for (const [ws, peer] of peers) if (peer.session === session) end(ws, lockedCode, 'locked');
  });

  return {
    get pages() {
      return pages();
    },
    makeRoom: () => {
      if (peers.size < most) return true;
      const stranger = [...peers].find(([, { session }]) => session === undefined)?.[0];
      if (stranger === undefined) return false;
      peers.delete(stranger);
      stranger.terminate();
      return true;
    },
    accept: ({ request, socket, head, cookies, recognised }) => {
      server.handleUpgrade(request, socket, head, (ws) => {
        const peer: Peer = {
          cookies,
          recognised,
          drained: drainedOf(ws, socket),
          deadline: setTimeout(() => ws.terminate(), tokenMs),
          session: undefined,
        };
        peers.set(ws, peer);
        ws.on('message', () => {
          // A page that is open is in use, whether or not anybody touches it.
          if (peer.session !== undefined) access.stillThere(peer.session);
        });
        ws.once('close', () => {
          clearTimeout(peer.deadline);
          peers.delete(ws);
          if (peer.session !== undefined) onPages(pages());
        });
        answer(ws, request);
      });
    },
    close: () => {
      stopListening();
      for (const ws of peers.keys()) end(ws, goingAway, 'the manager ends');
    },
  };
}

/** Waits while more than a page takes is on its way to it; also ends when the page is gone. */
function drainedOf(ws: WebSocket, socket: Duplex): () => Promise<void> {
  let waiting: (() => void)[] = [];
  const release = (): void => {
    const released = waiting;
    waiting = [];
    for (const resolve of released) resolve();
  };
  socket.on('drain', release);
  ws.once('close', release);
  return () => {
    const isFull = ws.readyState === ws.OPEN && ws.bufferedAmount > fullConnectionBytes;
    return isFull ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
  };
}
