import type { End } from '@mcp-acp/mcp/end';
import type { Sender } from '@mcp-acp/shared/journal-record';

/** Keeps what waits in memory bounded while a peer does not read. */
export interface Flow {
  /** Sends lines to a peer. */
  readonly transmit: Readonly<Record<Sender, (lines: Buffer[]) => void>>;
  /** What waited for a peer has left, or the peer is gone. */
  drained(): void;
}

/** How often a client that is not being read is looked at, since only reading tells that it has left. Milliseconds. */
const peekMs = 2_000;

/**
 * While lines pile up for one peer, neither is read: the one that does not read its answers is slowed down as much as
 * the one that writes them. Now and then one read is made all the same, or a client's end would never be seen.
 */
export function createFlow({ client, server }: { readonly client: End; readonly server: End }): Flow {
  let peeking: NodeJS.Timeout | undefined;

  const pause = (): void => {
    client.pause();
    server.pause();
    peeking ??= setInterval(() => {
      client.resume();
      setImmediate(() => {
        if (peeking !== undefined) client.pause();
      });
    }, peekMs);
  };

  const sendTo = (end: End) => (lines: Buffer[]) => {
    if (!end.send(lines)) pause();
  };

  return {
    transmit: { client: sendTo(client), server: sendTo(server) },
    drained: () => {
      clearInterval(peeking);
      peeking = undefined;
      // A peer whose lines still pile up stops both again with the next one.
      client.resume();
      server.resume();
    },
  };
}
