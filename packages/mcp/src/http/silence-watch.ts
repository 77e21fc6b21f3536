/** Something that must not be silent for longer than it may. */
export interface Watched {
  /** When it last gave a sign, on the monotonic clock. Milliseconds. */
  sinceMs: number;
  /** 0 for ever. */
  limitMs: number;
  expired(): void;
}

export interface SilenceWatch {
  add(watched: Watched): void;
  remove(watched: Watched): void;
  stop(): void;
}

const slowestLookMs = 1_000;
const fastestLookMs = 10;

/**
 * Looks at all that is watched now and then, instead of one timer for each: a call costs nothing while it is well.
 * `shortestMs` is the shortest limit there is; a silence is noticed within an eighth of that, or a second.
 */
export function createSilenceWatch(shortestMs: number): SilenceWatch {
  const all = new Set<Watched>();
  let looking: NodeJS.Timeout | undefined;
  const everyMs = Math.max(fastestLookMs, Math.min(shortestMs / 8, slowestLookMs));

  const look = (): void => {
    const nowMs = performance.now();
    for (const watched of [...all]) {
      if (watched.limitMs > 0 && nowMs - watched.sinceMs >= watched.limitMs) watched.expired();
    }
  };

  return {
    add: (watched) => {
      all.add(watched);
      // What is watched has a connection or a timer of its own that keeps the process alive.
      looking ??= setInterval(look, everyMs).unref();
    },
    remove: (watched) => {
      all.delete(watched);
    },
    stop: () => clearInterval(looking),
  };
}
