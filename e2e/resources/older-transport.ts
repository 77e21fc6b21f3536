import type { ServerResponse } from 'node:http';
import {
  answer,
  initializeResult,
  type Received,
  type Script,
  type Serve,
  status,
  stream,
} from './http-backend.ts';

/** The server's side of HTTP+SSE (2024-11-05), as a script of a backend. */
export interface OlderTransport {
  readonly script: Script;
  /** Says something on the stream to whose address this was posted. */
  say(received: Received, message: unknown): void;
  /** Breaks the stream that was opened last. */
  breakStream(): void;
}

/**
 * It takes every message with 202 and answers calls with `ran` on the stream; `more` says what it does otherwise.
 * `opens` decides when the nth stream, from 1, names the address to post to.
 */
export function olderTransport(
  more: Readonly<Record<string, (received: Received, older: OlderTransport) => void>> = {},
  opens: (nth: number, begin: () => void) => void = (_, begin) => begin(),
): OlderTransport {
  const streams: { readonly response: ServerResponse; event: (message: unknown) => void }[] = [];
  let count = 0;
  const taken =
    (then: (received: Received) => void): Serve =>
    (received, response) => {
      status(response, 202);
      then(received);
    };
  const script: Record<string, Serve> = {
    GET: (_, response) => {
      const nth = ++count;
      opens(nth, () => {
        const { event, raw } = stream(response);
        streams[nth] = { response, event };
        raw(`event: endpoint\ndata: /messages?stream=${nth}\n\n`);
      });
    },
    initialize: taken((received) => older.say(received, initializeResult(received))),
    'tools/call': taken((received) => older.say(received, answer(received, 'ran'))),
  };
  const older: OlderTransport = {
    script,
    say: (received, message) => streams[Number(received.path.split('=')[1])]?.event(message),
    breakStream: () => streams.at(-1)?.response.destroy(),
  };
  for (const [method, act] of Object.entries(more))
    script[method] = taken((received) => act(received, older));
  return older;
}
