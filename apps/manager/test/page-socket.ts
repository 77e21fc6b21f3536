import { once } from 'node:events';
import { WebSocket } from 'ws';
import { cookieName, type Page, type WebScene } from './web-scene.ts';

export interface Message {
  readonly id?: number | null;
  readonly result?: { readonly type?: string; readonly id?: string; readonly data?: unknown };
  readonly error?: { readonly data?: { readonly words?: { readonly code?: string } } };
}

/** A WebSocket as a page has it, in tRPC's own messages. */
export interface PageSocket {
  readonly ws: WebSocket;
  readonly received: Message[];
  send(message: unknown): void;
  /** The next message that fits, one already received included. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  /** How it was closed. */
  readonly closed: Promise<number>;
}

export async function openSocket(
  scene: WebScene,
  page: Page,
  token: string | null = page.token,
): Promise<PageSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${scene.port}/trpc?connectionParams=1`, {
    origin: `http://127.0.0.1:${scene.port}`,
    headers: { cookie: `${cookieName}=${page.cookie}` },
  });
  const received: Message[] = [];
  const waiting = new Set<() => void>();
  const closed = new Promise<number>((resolve) => ws.once('close', resolve));
  ws.on('error', () => undefined);
  ws.on('message', (data) => {
    const text = String(data);
    if (text === 'PING') ws.send('PONG');
    else if (text !== 'PONG') received.push(JSON.parse(text));
    for (const wake of waiting) wake();
  });
  await once(ws, 'open');
  const send = (message: unknown): void => ws.send(JSON.stringify(message));
  if (token !== null) send({ method: 'connectionParams', data: { token } });
  return {
    ws,
    received,
    send,
    closed,
    next: async (fits) => {
      for (let looked = 0; ; ) {
        for (; looked < received.length; looked++) {
          const message = received[looked];
          if (message !== undefined && fits(message)) return message;
        }
        await new Promise<void>((resolve, reject) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
          void closed.then((code) => reject(new Error(`closed with ${code}`)));
        });
      }
    },
  };
}

/** Subscribes to the live events. */
export const subscribe = (socket: PageSocket, id = 1, lastEventId?: string): void =>
  socket.send({
    id,
    method: 'subscription',
    params: { path: 'events.live', input: {}, ...(lastEventId === undefined ? {} : { lastEventId }) },
  });
