/** Time as a port, so that a run can be replayed. */
export interface Clock {
  /** Wall time in milliseconds since the Unix epoch. May go backwards. */
  now(): number;
  /** Milliseconds from an arbitrary origin, with sub-millisecond digits. Never goes backwards. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};

const mostTimeoutMs = 2 ** 31 - 1;

/** What happens later, as a port. */
export interface Timers {
  /** Runs the task once after so many milliseconds, unless what it returns is called before. */
  after(ms: number, task: () => void): () => void;
}

export const systemTimers: Timers = {
  after: (ms, task) => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (leftMs: number): void => {
      // Node takes what is longer for 1 ms.
      const nextMs = Math.min(leftMs, mostTimeoutMs);
      timer = setTimeout(() => (leftMs > nextMs ? wait(leftMs - nextMs) : task()), nextMs);
      if (typeof timer === 'object') timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
