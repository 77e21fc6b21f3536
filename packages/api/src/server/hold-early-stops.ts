import { AcpError } from '@mcp-acp/shared/errors';
import { type Encoder, jsonEncoder } from '@trpc/server/adapters/ws';
import { encodeMessage } from '../events/encode-message.ts';
import { refusalOf } from './refusal.ts';

/** A connection as tRPC's WebSocket handler knows it, as far as what comes and goes on it. */
export interface MessagePeer {
  send(text: string): unknown;
  /** Gives the handler a message as if it had just come. */
  emit(event: 'message', data: Buffer, isBinary: boolean): unknown;
}

type OperationId = number | string;

/**
 * For `experimental_encoder` of a handler that answers this one connection. The handler knows a subscription from the
 * moment it has begun, and forgets a stop that comes before: such a stop waits here until `started`, or an error, has
 * gone out. A subscription under an id in use is refused here, since the handler would begin it and never end it.
 */
export function holdEarlyStops(peer: MessagePeer): Encoder {
  /** Subscriptions that have come, up to their last word. */
  const states = new Map<OperationId, 'begins' | 'runs' | 'stops'>();

  /** Whether the handler may have it now. */
  const passes = (message: unknown): boolean => {
    const id = member(message, 'id');
    if (typeof id !== 'number' && typeof id !== 'string') return true;
    const method = member(message, 'method');
    const state = states.get(id);
    if (method === 'subscription') {
      if (state === undefined) states.set(id, 'begins');
      else peer.send(refusalOf(new AcpError('bad_request', 'The id of the operation is in use.'), id));
      return state === undefined;
    }
    if (method !== 'subscription.stop' || state === undefined || state === 'runs') return true;
    states.set(id, 'stops');
    return false;
  };

  const sees = (message: unknown): void => {
    const id = member(message, 'id') as OperationId;
    const state = states.get(id);
    if (state === undefined) return;
    const type = member(member(message, 'result'), 'type');
    if (type === 'data') return;
    if (type !== 'started') states.delete(id);
    else states.set(id, 'runs');
    if (type !== 'started' || state !== 'stops') return;
    // Behind the word that is going out now.
    const stop = JSON.stringify({ id, method: 'subscription.stop' });
    queueMicrotask(() => peer.emit('message', Buffer.from(stop), false));
  };

  return {
    encode: (message) => {
      sees(message);
      return encodeMessage(message);
    },
    decode: (data) => {
      const message = jsonEncoder.decode(data);
      if (Array.isArray(message)) return message.filter(passes);
      return passes(message) ? message : [];
    },
  };
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
