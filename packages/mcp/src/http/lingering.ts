/** A stream whose request is answered, and which the server does not close, is closed after this. Milliseconds. */
const lingerMs = 1_000;

/** Answered streams that may linger beside that many calls. */
export const lingerersBeside = (calls: number): number => Math.ceil(calls / 4);

/**
 * Streams whose requests are answered, and which their servers leave open: each for a moment, and of too many the
 * oldest no longer.
 */
export interface Lingering {
  add(stream: object, close: () => void): void;
  /** The server has closed it itself. */
  remove(stream: object): void;
}

export function createLingering(most: number): Lingering {
  const streams = new Map<object, { readonly close: () => void; readonly timer: NodeJS.Timeout }>();

  const remove = (stream: object): void => {
    clearTimeout(streams.get(stream)?.timer);
    streams.delete(stream);
  };
  const close = (stream: object): void => {
    const lingering = streams.get(stream);
    remove(stream);
    lingering?.close();
  };

  return {
    add: (stream, closing) => {
      if (streams.has(stream)) return;
      streams.set(stream, { close: closing, timer: setTimeout(() => close(stream), lingerMs).unref() });
      const [oldest] = streams.keys();
      if (streams.size > most && oldest !== undefined) close(oldest);
    },
    remove,
  };
}
