import { idKey, type RequestId } from '@mcp-acp/mcp/message';

/** Why a request waits no more: whoever sent it took it back, nobody has answered until its client left, nothing can be sent any more. */
export type EndOfWait = 'cancelled' | 'unanswered' | 'ended';

/**
 * Requests that wait for a person. Their ids count as in flight. All of it happens at once, so that a request that was
 * cancelled can never be sent, nor one that was sent be cancelled here.
 */
export interface HeldRequests {
  has(id: RequestId): boolean;
  hold(id: RequestId, over: (end: EndOfWait) => void): void;
  /** It waits no more, and goes on. */
  release(id: RequestId): void;
  /** Ends the wait. False where no such request is held. */
  cancel(id: RequestId): boolean;
  endAll(end: EndOfWait): void;
  size(): number;
}

export function createHeldRequests(): HeldRequests {
  const held = new Map<string | number, (end: EndOfWait) => void>();
  const end = (key: string | number, why: EndOfWait): boolean => {
    const over = held.get(key);
    held.delete(key);
    over?.(why);
    return over !== undefined;
  };
  return {
    has: (id) => held.has(idKey(id)),
    hold: (id, over) => void held.set(idKey(id), over),
    release: (id) => void held.delete(idKey(id)),
    cancel: (id) => end(idKey(id), 'cancelled'),
    endAll: (why) => {
      for (const key of [...held.keys()]) end(key, why);
    },
    size: () => held.size,
  };
}
