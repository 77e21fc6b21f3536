import { idKey, type RequestId } from '@mcp-acp/mcp/message';

/** Requests that wait for a person. Their ids count as in flight, and a cancellation ends the wait. */
export interface HeldRequests {
  has(id: RequestId): boolean;
  /** Ends the wait. False where no such request is held. */
  cancel(id: RequestId): boolean;
  /** Waits for an answer; undefined where the request was cancelled meanwhile. */
  wait<T>(id: RequestId, answer: Promise<T>): Promise<T | undefined>;
  cancelAll(): void;
  size(): number;
}

export function createHeldRequests(): HeldRequests {
  const cancels = new Map<string | number, () => void>();
  return {
    has: (id) => cancels.has(idKey(id)),
    cancel: (id) => {
      const cancel = cancels.get(idKey(id));
      cancel?.();
      return cancel !== undefined;
    },
    wait: async (id, answer) => {
      const key = idKey(id);
      const cancelled = new Promise<undefined>((resolve) => cancels.set(key, () => resolve(undefined)));
      try {
        return await Promise.race([answer, cancelled]);
      } finally {
        cancels.delete(key);
      }
    },
    cancelAll: () => {
      for (const cancel of cancels.values()) cancel();
    },
    size: () => cancels.size,
  };
}
