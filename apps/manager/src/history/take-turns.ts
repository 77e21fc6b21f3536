/** What one turn came to. */
export interface Turn {
  /** After so long the next one comes by itself. Milliseconds. */
  readonly nextMs: number;
  /** Whether those who wait for everything to be done need wait no longer. */
  readonly over: boolean;
}

/** Turns of one piece of work, one after the other: from time to time, and soon after it was said that there is something to do. */
export interface Turns {
  /** There is something to do under this name. */
  wake(name: string): void;
  /** A turn of everything soon. Resolves when one has been taken that began after this, and is over. */
  settled(): Promise<void>;
  /** No turn begins until `resume`. Resolves when none is under way. */
  pause(): Promise<void>;
  resume(): void;
  /** As `pause`, for good. */
  close(): Promise<void>;
}

/** What was told within this is done in one turn. Milliseconds. */
const gatherMs = 200;

/** `take` does what there is to do under some names, or everything. It never rejects. */
export function takeTurns(take: (names: readonly string[] | 'all') => Promise<Turn>): Turns {
  const named = new Set<string>();
  let settling: (() => void)[] = [];
  let resting: (() => void)[] = [];
  let all = true;
  let paused = false;
  let closed = false;
  let rung = false;
  let ring = (): void => {
    rung = true;
  };

  /** True where it was ended by a call rather than by time. */
  const wait = (ms: number | undefined): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => done(false), ms).unref();
      const done = (byCall: boolean): void => {
        clearTimeout(timer);
        rung = false;
        ring = () => {
          rung = true;
        };
        resolve(byCall);
      };
      ring = () => done(true);
      if (rung) done(true);
    });

  const resolveAll = (waiting: readonly (() => void)[]): void => {
    for (const resolve of waiting) resolve();
  };

  const one = async (): Promise<number> => {
    const names = all ? 'all' : [...named];
    all = false;
    named.clear();
    // Who comes to wait from here on waits for the next one.
    const waiting = settling;
    settling = [];
    const { nextMs, over } = await take(names);
    if (names === 'all' && over) resolveAll(waiting);
    else settling = [...waiting, ...settling];
    return nextMs;
  };

  const live = async (): Promise<void> => {
    while (!closed) {
      if (paused) {
        resolveAll(resting);
        resting = [];
        await wait(undefined);
        continue;
      }
      const nextMs = await one();
      if (closed || paused) continue;
      const byCall = await wait(nextMs);
      all ||= !byCall || settling.length > 0;
    }
    resolveAll(resting);
    resolveAll(settling);
  };
  const life = live();

  return {
    wake: (name) => {
      if (named.size === 0) setTimeout(() => ring(), gatherMs).unref();
      named.add(name);
    },
    settled: () =>
      new Promise((resolve) => {
        settling.push(resolve);
        all = true;
        ring();
      }),
    pause: () =>
      new Promise((resolve) => {
        paused = true;
        resting.push(resolve);
        ring();
      }),
    resume: () => {
      paused = false;
      all = true;
      ring();
    },
    close: async () => {
      closed = true;
      ring();
      await life;
    },
  };
}
