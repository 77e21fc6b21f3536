/** What becomes of something whose turn has come; each is said at most once, and the second stands for the first. */
export interface Turn {
  /** It is on its way. */
  sent(): void;
  /** It is over. */
  over(): void;
}

export interface Waiting {
  /**
   * `request`: runs beside others. `handshake`: nothing else begins before it is over. `notification`: begins when what
   * was before it is on its way, and what follows begins when it is.
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
}

export function createSendOrder(maxRequests: number): SendOrder {
  const queue: Waiting[] = [];
  let running = 0;
  let unsent = 0;
  /** Handshakes, notifications that are not on their way, and holds from outside. */
  let holds = 0;

  const start = (waiting: Waiting): void => {
    let state: 'begun' | 'sent' | 'over' = 'begun';
    const isRequest = waiting.kind !== 'notification';
    const holdsOthers = waiting.kind === 'handshake';
    unsent++;
    if (isRequest) running++;
    if (holdsOthers) holds++;
    if (!isRequest) holds++;
    const sent = (): void => {
      if (state !== 'begun') return;
      state = 'sent';
      unsent--;
      if (!isRequest) holds--;
      pump();
    };
    waiting.start({
      sent,
      over: () => {
        if (state === 'over') return;
        sent();
        state = 'over';
        if (isRequest) running--;
        if (holdsOthers) holds--;
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
  };
}
