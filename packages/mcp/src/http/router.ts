import type { IncomingMessage } from '../message.ts';
import { requestsIn } from './awaited-answers.ts';
import type { Call } from './calls.ts';
import { hasEnvelope } from './request-headers.ts';
import type { Waiting } from './send-order.ts';
import type { Outgoing, Wire, WireParts } from './wire.ts';

/** Brings each message of the client to the wire in use, in an order that a server can live with. */
export interface Router {
  use(wire: Wire): void;
  send(outgoing: Outgoing): void;
  leave(): Promise<void>;
}

/** What follows a notification waits at most so long until that is on its way. Milliseconds. */
const overtakenMs = 250;

export function createRouter({ calls, order, left }: Pick<WireParts, 'calls' | 'order' | 'left'>): Router {
  let wire: Wire | undefined;

  const send = (outgoing: Outgoing): void => {
    const { message, line } = outgoing;
    if (requestsIn(message).length > 0) {
      return calls.add(outgoing, kindOf(message), (call, sent) => wire?.carry(call, sent));
    }
    if (message.kind !== 'notification' && message.kind !== 'batch') return wire?.reply(outgoing);
    if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
      if (calls.cancel(message, closingTells)) return left(line.length);
    }
    order.add({
      kind: kindOf(message),
      start: (turn) => {
        // One that finds no connection free holds up nothing for long.
        setTimeout(turn.sent, overtakenMs).unref();
        wire?.notify(outgoing, turn);
      },
    });
  };

  return {
    use: (next) => {
      wire = next;
    },
    send,
    leave: () => wire?.leave() ?? Promise.resolve(),
  };
}

/** In the stateless era a closed stream is the cancellation (2026-07-28, Streamable HTTP, "Cancellation"). */
const closingTells = ({ outgoing: { message } }: Call): boolean =>
  message.kind === 'request' && hasEnvelope(message);

function kindOf(message: IncomingMessage): Waiting['kind'] {
  if (message.kind === 'request') return message.method === 'initialize' ? 'handshake' : 'request';
  if (message.kind === 'notification' && message.method === 'notifications/initialized') return 'handshake';
  return requestsIn(message).length > 0 ? 'request' : 'notification';
}
