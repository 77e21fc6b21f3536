import type { Journal } from '@mcp-acp/audit/journal';

/** A message that leaves once the journal holds what must be there first. */
export interface Departure {
  readonly line: Buffer;
  /** Seq of the record it waits for; 0 for none. */
  readonly needs: number;
  /** Whether that record must be synced (an access request's intent) or only be in the kernel's hand. */
  readonly durable: boolean;
  /** Asked just before it leaves; false drops it (its exchange was cancelled meanwhile). */
  readonly stillWanted?: () => boolean;
  /** It was handed to the end. */
  readonly left?: () => void;
  /** Its record could not be written or synced; it will not leave. */
  readonly lost?: () => void;
}

export interface Outbox {
  send(departure: Departure): void;
  /** Sends what may leave now. Called when the journal advanced. */
  release(): void;
  /** Drops what waits for records from `firstLost` on; of those that wait for durability only, where `durableOnly`. */
  drop(firstLost: number, durableOnly: boolean): void;
  /** How many messages wait. */
  size(): number;
}

/**
 * Messages to one end, in the order in which they were judged. One that waits for the journal holds back those behind
 * it, so that a peer sees its messages in the order they were sent.
 */
export function createOutbox(journal: Journal, transmit: (lines: Buffer[]) => void): Outbox {
  let waiting: Departure[] = [];

  const isReady = ({ needs, durable }: Departure): boolean =>
    needs <= (durable ? journal.durable : journal.written);

  const release = (): void => {
    let count = 0;
    const lines: Buffer[] = [];
    const leaving: Departure[] = [];
    for (; count < waiting.length; count++) {
      const departure = waiting[count] as Departure;
      if (!isReady(departure)) break;
      if (departure.stillWanted?.() === false) continue;
      lines.push(departure.line);
      if (departure.left !== undefined) leaving.push(departure);
    }
    if (count === 0) return;
    waiting = count === waiting.length ? [] : waiting.slice(count);
    if (lines.length > 0) transmit(lines);
    for (const departure of leaving) departure.left?.();
  };

  const drop = (firstLost: number, durableOnly: boolean): void => {
    const lost: Departure[] = [];
    waiting = waiting.filter((departure) => {
      const isLost = departure.needs >= firstLost && (departure.durable || !durableOnly);
      if (isLost) lost.push(departure);
      return !isLost;
    });
    for (const departure of lost) departure.lost?.();
  };

  let scheduled = false;
  const send = (departure: Departure): void => {
    waiting.push(departure);
    if (scheduled) return;
    scheduled = true;
    // What needs no record leaves at the end of the turn, together with the rest of its burst.
    queueMicrotask(() => {
      scheduled = false;
      release();
    });
  };

  return {
    send,
    release,
    drop,
    size: () => waiting.length,
  };
}
