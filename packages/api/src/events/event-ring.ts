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

export interface EventRingOptions {
  /** Ids are `<series>.<number>`; a series that has ended is never used again. */
  readonly series: string;
  /** Items that are kept: the memory of this and of every reader is bounded by it. */
  readonly most: number;
  /** RFC 3339. */
  readonly now: () => string;
}

/**
 * The last items of a series, for any number of readers. A reader is a place in the ring and has no queue of its own, so
 * that a slow one costs nothing and holds up nobody.
 */
export function createEventRing<Item>({ series, most, now }: EventRingOptions): EventRing<Item> {
  const kept: (Item | undefined)[] = [];
  /** The number of the next item; numbers start at 1. */
  let next = 1;
  const bell = createBell();
  let readers = 0;

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

  async function* read(
    afterId: string | undefined,
    signal: AbortSignal,
    toEvent: ToEvent<Item>,
  ): AsyncGenerator<EventBatch> {
    readers++;
    try {
      let place = afterId === undefined ? next : placeAfter(afterId);
      while (!signal.aborted) {
        if (place === undefined || place < first()) {
          place = next;
          yield [[idOf(next - 1), { type: 'resync', time: now() }]];
        } else if (place < next) {
          const batch: IdentifiedEvent[] = [];
          for (; place < next && batch.length < mostInBatch; place++) {
            const event = toEvent(kept[place % most] as Item);
            if (event !== undefined) batch.push([idOf(place), event]);
          }
          if (batch.length > 0) yield batch;
        } else {
          await bell.next(signal);
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
