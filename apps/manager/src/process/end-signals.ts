/** Settles with the first of the signals that ask the process to end. */
export interface EndSignals {
  readonly first: Promise<NodeJS.Signals>;
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Takes the signals over for the rest of the process's life. A second one ends it at once: whoever sends it will not wait. */
export function watchEndSignals(): EndSignals {
  let isFirst = true;
  const first = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of signals) {
      process.on(signal, () => {
        if (!isFirst) process.exit(1);
        isFirst = false;
        resolve(signal);
      });
    }
  });
  return { first };
}
