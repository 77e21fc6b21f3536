import type { Encoder } from '@trpc/server/adapters/ws';

export interface CountUnanswered {
  /** To be used in place of the encoder that was given. */
  readonly encoder: Encoder;
  /** Calls that have come and have had no answer; subscriptions are none. */
  count(): number;
}

/** Watches one connection. `onNone` is called once the last answer has been handed to the connection. */
export function countUnanswered(inner: Encoder, onNone: () => void): CountUnanswered {
  const waiting = new Set<unknown>();
  const came = (message: unknown): void => {
    const { id, method } = (message ?? {}) as { readonly id?: unknown; readonly method?: unknown };
    if (method === 'query' || method === 'mutation') waiting.add(id);
  };
  return {
    encoder: {
      encode: (message) => {
        const isLast = waiting.delete((message as { readonly id?: unknown }).id) && waiting.size === 0;
        // What is encoded now is sent next.
        if (isLast) queueMicrotask(onNone);
        return inner.encode(message);
      },
      decode: (data) => {
        const message = inner.decode(data);
        if (Array.isArray(message)) message.forEach(came);
        else came(message);
        return message;
      },
    },
    count: () => waiting.size,
  };
}
