/** tRPC's own words for asking whether the other side is there. */
export const ping = 'PING';
export const pong = 'PONG';

export interface KeepAliveTimes {
  /** Silence after which the other side is asked. Milliseconds. */
  readonly pingMs: number;
  /** Silence after that, until it counts as gone. Milliseconds. */
  readonly pongMs: number;
}

/** A side that is stopped, or whose machine sleeps, is found within half a minute. */
export const keepAliveTimes: KeepAliveTimes = { pingMs: 15_000, pongMs: 15_000 };

export interface KeepAlive {
  /** Something came. */
  heard(): void;
  /** By our own wish nothing is read until `heard`: the other side is not judged, and goes on hearing of us. */
  pause(): void;
  stop(): void;
}

/** Watches one connection. Never keeps the process alive. */
export function keepAlive(
  { pingMs, pongMs }: KeepAliveTimes,
  { ask, gone }: { readonly ask: () => void; readonly gone: () => void },
): KeepAlive {
  let timer: NodeJS.Timeout;
  const rest = (): void => {
    timer = setTimeout(() => {
      ask();
      timer = setTimeout(gone, pongMs).unref();
    }, pingMs).unref();
  };
  rest();
  return {
    heard: () => {
      clearTimeout(timer);
      rest();
    },
    pause: () => {
      clearTimeout(timer);
      timer = setInterval(ask, pingMs).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
