/** The signals that ask the process to end. */
export interface EndSignals {
  readonly first: Promise<'signalled'>;
  /** Called for every signal after the first: whoever sends it again does not want to wait. */
  onAgain(urge: () => void): void;
}

/** Takes over SIGTERM and SIGINT for the rest of the process's life, so that a backend is never left without its proxy. */
export function watchEndSignals(): EndSignals {
  let urge = (): void => undefined;
  let isFirst = true;
  const first = new Promise<'signalled'>((resolve) => {
    const signalled = (): void => {
      if (!isFirst) urge();
      isFirst = false;
      resolve('signalled');
    };
    process.on('SIGTERM', signalled);
    process.on('SIGINT', signalled);
  });
  return {
    first,
    onAgain: (to) => {
      urge = to;
    },
  };
}
