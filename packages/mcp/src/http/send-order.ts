import type { Outgoing } from './wire.ts';

/** What becomes of something whose turn has come; each is said at most once, and later ones stand for earlier ones. */
export interface Turn {
  /** It is on its way: what follows cannot overtake it any more. */
  sent(): void;
  /** The server has taken it: the status of the reply is there, or there will be none. */
  taken(): void;
  /** It is over. */
  over(): void;
}

export interface Waiting {
  readonly outgoing: Outgoing;
  /**
   * `request`: runs beside others. `handshake`: a request before whose end nothing else begins. `notification`: begins
   * behind what was sent before it, and what follows waits until the server has taken it.
   */
  readonly kind: 'request' | 'handshake' | 'notification';
  start(turn: Turn): void;
}

/**
 * Keeps over parallel HTTP requests the order that a client has on one pipe, as far as it matters to a server: a call
 * does not arrive before `notifications/initialized`, nor a cancellation before its call. At most `maxRequests` run at
 * once; answers to what the server asks are not sent through here, since a running call may be waiting for one.
 */
export interface SendOrder {
  add(waiting: Waiting): void;
  /** Takes back what has not begun. False where it has, or was never there. */
  remove(waiting: Waiting): boolean;
  /** Lets nothing begin until the returned function is called. */
  hold(): () => void;
  /** What waits, in order; nothing waits afterwards. */
  clear(): readonly Outgoing[];
}

export function createSendOrder(maxRequests: number): SendOrder {
  let queue: Waiting[] = [];
  let running = 0;
  let unsent = 0;
  let holds = 0;

  const start = (waiting: Waiting): void => {
    let state: 'begun' | 'sent' | 'taken' | 'over' = 'begun';
    const blocks = waiting.kind !== 'request';
    unsent++;
    if (waiting.kind === 'notification') holds++;
    else running++;
    if (waiting.kind === 'handshake') holds++;
    const sent = (): void => {
      if (state !== 'begun') return;
      state = 'sent';
      unsent--;
      pump();
    };
    const taken = (): void => {
      sent();
      if (state !== 'sent') return;
      state = 'taken';
      if (waiting.kind === 'notification') holds--;
      if (blocks) pump();
    };
    waiting.start({
      sent,
      taken,
      over: () => {
        taken();
        if (state !== 'taken') return;
        state = 'over';
        if (waiting.kind !== 'notification') running--;
        if (waiting.kind === 'handshake') holds--;
        pump();
      },
    });
  };

  /** The next that may begin. A request for which there is no room does not hold up a notification behind it. */
  const next = (): Waiting | undefined => {
    if (holds > 0) return undefined;
    const isFull = running >= maxRequests;
    const waiting = isFull ? queue.find(({ kind }) => kind === 'notification') : queue[0];
    return waiting?.kind === 'notification' && unsent > 0 ? undefined : waiting;
  };

  const pump = (): void => {
    for (let waiting = next(); waiting !== undefined; waiting = next()) {
      queue.splice(queue.indexOf(waiting), 1);
      start(waiting);
    }
  };

  return {
    add: (waiting) => {
      queue.push(waiting);
      pump();
    },
    remove: (waiting) => {
      const at = queue.indexOf(waiting);
      if (at === -1) return false;
      queue.splice(at, 1);
      return true;
    },
    hold: () => {
      holds++;
      return () => {
        holds--;
        pump();
      };
    },
    clear: () => {
      const waiting = queue.map(({ outgoing }) => outgoing);
      queue = [];
      return waiting;
    },
  };
}
