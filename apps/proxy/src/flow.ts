import type { End } from '@mcp-acp/mcp/end';
import type { Sender } from '@mcp-acp/shared/journal-record';

/** Keeps what waits in memory bounded while a peer does not read. */
export interface Flow {
  /** Sends lines to a peer. */
  readonly transmit: Readonly<Record<Sender, (lines: Buffer[]) => void>>;
  /** What waited for a peer has left, or the peer is gone. */
  readonly drained: Readonly<Record<Sender, () => void>>;
}

/**
 * What may still come for a peer that is full before it is not read either. Once its counterpart is paused that is what
 * was on its way already, and refusals of what it asks itself. Bytes.
 */
const mostOverBytes = 64 * 1024 * 1024;
/** How often a client that is not read is looked at, since only reading tells that it has left. Milliseconds. */
const firstPeekMs = 2_000;
/** Each look adds a little to what waits, so they grow apart. Milliseconds. */
const slowestPeekMs = 30_000;

/**
 * While lines pile up for one peer the other one is not read. The one that is full is read on: it may be writing and
 * read nothing before that is done, and would then never drain. Only if it lives on refusals is it stopped as well.
 * Now and then one read of a paused client is made all the same, or its end would never be seen.
 */
export function createFlow({ client, server }: { readonly client: End; readonly server: End }): Flow {
  const ends = { client, server };
  const waiting = {
    client: { isFull: false, overBytes: 0 },
    server: { isFull: false, overBytes: 0 },
  };
  const isPaused = { client: false, server: false };
  let peeking: NodeJS.Timeout | undefined;

  const peekAfter = (ms: number): void => {
    peeking = setTimeout(() => {
      client.resume();
      setImmediate(() => {
        if (isPaused.client) client.pause();
      });
      peekAfter(Math.min(ms * 1.25, slowestPeekMs));
    }, ms).unref();
  };

  const read = (peer: Sender, counterpart: Sender): void => {
    const mustWait = waiting[counterpart].isFull || waiting[peer].overBytes > mostOverBytes;
    if (mustWait === isPaused[peer]) return;
    isPaused[peer] = mustWait;
    if (mustWait) ends[peer].pause();
    else ends[peer].resume();
    if (peer !== 'client') return;
    clearTimeout(peeking);
    if (mustWait) peekAfter(firstPeekMs);
  };

  const settle = (): void => {
    read('client', 'server');
    read('server', 'client');
  };

  const sendTo = (peer: Sender) => (lines: Buffer[]) => {
    const queue = waiting[peer];
    if (queue.isFull) for (const line of lines) queue.overBytes += line.length;
    if (!ends[peer].send(lines)) queue.isFull = true;
    if (queue.isFull) settle();
  };

  const drainedOf = (peer: Sender) => () => {
    const queue = waiting[peer];
    if (!queue.isFull) return;
    queue.isFull = false;
    queue.overBytes = 0;
    settle();
  };

  return {
    transmit: { client: sendTo('client'), server: sendTo('server') },
    drained: { client: drainedOf('client'), server: drainedOf('server') },
  };
}
