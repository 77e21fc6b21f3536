/** Lets so many pieces of work run at once; others wait in the order in which they came. */
export interface Turnstile {
  /** Resolves when it is this one's turn, with what ends it; undefined where the signal came first. */
  enter(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createTurnstile(atOnce: number): Turnstile {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    running--;
    waiting.shift()?.();
  };
  return {
    enter: async (signal) => {
      while (running >= atOnce && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const go = (): void => {
            signal.removeEventListener('abort', stop);
            resolve();
          };
          const stop = (): void => {
            waiting.splice(waiting.indexOf(go), 1);
            resolve();
          };
          waiting.push(go);
          signal.addEventListener('abort', stop, { once: true });
        });
      }
      if (signal.aborted) {
        // Its turn may have come with the signal: then it is the next one's.
        if (running < atOnce) waiting.shift()?.();
        return undefined;
      }
      running++;
      let left = false;
      return () => {
        if (!left) leave();
        left = true;
      };
    },
  };
}
