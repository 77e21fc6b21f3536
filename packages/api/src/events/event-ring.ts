import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { createBell } from './bell.ts';

/** Not `readonly`: what a client is given of a tuple that is one loses its places in tRPC's types. */
export type IdentifiedEvent = [id: string, event: LiveEvent];

/** What has come since the reader looked last, never nothing: many events at once cost little more than one. */
export type EventBatch = readonly IdentifiedEvent[];

/** Events of one batch. */
export const mostInBatch = 256;

export interface EventRing<Item> {
  push(item: Item): void;
  /** The newest item's id; undefined before the first. */
  lastId(): string | undefined;
  /** How many read now. */
  readers(): number;
  /** Whether the item with that id, and so all that followed, can still be read here. */
  keeps(id: string): boolean;
  /**
   * What follows the item with `afterId`, or all that comes from now on; then what comes until the signal is given. Where
   * items have been dropped that a reader had not taken, because it is slow or came back late, it gets `resync` in their
   * place and goes on with what comes next.
   */
  read(afterId: string | undefined, signal: AbortSignal, toEvent: ToEvent<Item>): AsyncGenerator<EventBatch>;
}

/** The event an item tells, or undefined where it is nothing to this reader. Asked when somebody reads it, and not before. */
export type ToEvent<Item> = (item: Item) => LiveEvent | undefined;

/** One and the same object for as long as it reads. */
export interface WaitingReader {
  /** There is something it has not had. */
  readonly isBehind: boolean;
}

export interface EventRingOptions {
  /** Ids are `<series>.<number>`; a series that has ended is never used again. */
  readonly series: string;
  /** Items that are kept: the memory of this and of every reader is bounded by it. */
  readonly most: number;
  /** RFC 3339. */
  readonly now: () => string;
  /**
   * When a reader may take its next batch. Settles with the signal, and rejects never. Without it readers take what there
   * is at once and are woken by each item.
   */
  readonly turn?: (reader: WaitingReader, signal: AbortSignal) => Promise<void>;
}

/** What readers at the same place get is made once. */
interface MadeBatch<Item> {
  readonly from: number;
  /** The place behind it. */
  readonly end: number;
  readonly toEvent: ToEvent<Item>;
  readonly batch: EventBatch;
}

/**
 * The last items of a series, for any number of readers. A reader is a place in the ring and has no queue of its own, so
 * that a slow one costs nothing and holds up nobody.
 */
export function createEventRing<Item>({ series, most, now, turn }: EventRingOptions): EventRing<Item> {
  const kept: (Item | undefined)[] = [];
  /** The number of the next item; numbers start at 1. */
  let next = 1;
  const bell = createBell();
  let readers = 0;
  let made: MadeBatch<Item> | undefined;

  const first = (): number => Math.max(1, next - most);
  const idOf = (number: number): string => `${series}.${number}`;
  const numberOf = (id: string): number | undefined => {
    const text = id.startsWith(`${series}.`) ? id.slice(series.length + 1) : '';
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  /** Place behind an item that is known, or undefined where something was dropped since. */
  const placeAfter = (id: string): number | undefined => {
    const number = numberOf(id);
    return number !== undefined && number + 1 >= first() && number < next ? number + 1 : undefined;
  };

  const batchFrom = (from: number, toEvent: ToEvent<Item>): MadeBatch<Item> => {
    const end = Math.min(next, from + mostInBatch);
    if (made?.from === from && made.end === end && made.toEvent === toEvent) return made;
    const batch: IdentifiedEvent[] = [];
    for (let place = from; place < end; place++) {
      const event = toEvent(kept[place % most] as Item);
      if (event !== undefined) batch.push([idOf(place), event]);
    }
    made = { from, end, toEvent, batch };
    return made;
  };

  async function* read(
    afterId: string | undefined,
    signal: AbortSignal,
    toEvent: ToEvent<Item>,
  ): AsyncGenerator<EventBatch> {
    const reader = { isBehind: false };
    readers++;
    try {
      let place = afterId === undefined ? next : placeAfter(afterId);
      while (!signal.aborted) {
        reader.isBehind = place === undefined || place < next;
        if (turn !== undefined) await turn(reader, signal);
        else if (!reader.isBehind) await bell.next(signal);
        if (signal.aborted) return;
        if (place === undefined || place < first()) {
          place = next;
          yield [[idOf(next - 1), { type: 'resync', time: now() }]];
        } else if (place < next) {
          const { batch, end } = batchFrom(place, toEvent);
          place = end;
          if (batch.length > 0) yield batch;
        }
      }
    } finally {
      readers--;
    }
  }

  return {
    push: (item) => {
      kept[next++ % most] = item;
      bell.ring();
    },
    lastId: () => (next === 1 ? undefined : idOf(next - 1)),
    readers: () => readers,
    keeps: (id) => placeAfter(id) !== undefined,
    read,
  };
}
