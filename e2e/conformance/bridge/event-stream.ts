import type { ServerResponse } from 'node:http';
import type { Message } from './json-rpc.ts';

/** Server-sent events on one HTTP response. */
export interface EventStream {
  send(message: Message, eventId?: string): void;
  /** An event with an id and no data, after which a client can resume, and the time until it should. */
  prime(eventId: string, retryMs: number): void;
  end(): void;
}

export function openEventStream(response: ServerResponse, headers: Record<string, string> = {}): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    ...headers,
  });
  response.flushHeaders();
  const idLine = (eventId: string | undefined): string => (eventId === undefined ? '' : `id: ${eventId}\n`);
  return {
    send: (message, eventId) =>
      void response.write(`event: message\n${idLine(eventId)}data: ${JSON.stringify(message)}\n\n`),
    prime: (eventId, retryMs) => void response.write(`${idLine(eventId)}retry: ${retryMs}\ndata: \n\n`),
    end: () => void response.end(),
  };
}

export function sendJson(response: ServerResponse, status: number, message: Message): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(message));
}

/** An answer without a body: a notification was taken, a session has ended. */
export function sendStatus(response: ServerResponse, status: number): void {
  response.writeHead(status);
  response.end();
}
