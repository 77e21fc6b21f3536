/** The connection an operation came on, as far as it bounds what may come and go on it. */
export interface Connection {
  /** Resolves at once unless more waits to be sent than the other side takes; also when it is gone. Rejects never. */
  drained(): Promise<void>;
  /** Counts one more operation under way; call what it returns when it is over. Undefined: there are too many already. */
  enter(): (() => void) | undefined;
}

/** How much may wait to be sent before subscriptions on a connection pause. Bytes. */
export const fullConnectionBytes = 1024 * 1024;

/** Operations under way on one connection, subscriptions included. */
const mostOperations = 256;

/** The `enter` of a connection. */
export function countOperations(most = mostOperations): Connection['enter'] {
  let running = 0;
  return () => {
    if (running >= most) return undefined;
    running++;
    let isOver = false;
    return () => {
      if (!isOver) running--;
      isOver = true;
    };
  };
}
