import { createEventRing, type EventBatch, mostInBatch } from '@mcp-acp/api/events/event-ring';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import { pause } from '../pause.ts';
import { type KeptEvent, liveEventOf } from './live-event-of.ts';

export interface EventFeed {
  push(event: KeptEvent): void;
  /** Hands over what is held back. */
  release(): void;
  readers(): number;
  lastId(): string | undefined;
  /** As the instance's port reads events. */
  read(lastEventId: string | undefined, signal: AbortSignal): AsyncIterable<EventBatch>;
}

const keptEvents = 2048;
/** How often readers get what has come meanwhile, a batch at a time: calls go before their being watched. Milliseconds. */
const paceMs = 50;

/**
 * The newest events of an instance, for those who watch it. What happens is handed to readers now and then and many at
 * once, not between two calls.
 */
export function createEventFeed(origin: EventOrigin): EventFeed {
  const ring = createEventRing<KeptEvent>({
    series: origin.instance,
    most: keptEvents,
    now: () => new Date().toISOString(),
  });
  let held: KeptEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  const release = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const released = held;
    held = [];
    for (const event of released) ring.push(event);
  };

  const toEvent = (kept: KeptEvent) => liveEventOf(kept, origin);

  return {
    push: (event) => {
      if (ring.readers() === 0 && held.length === 0) return ring.push(event);
      held.push(event);
      // More would not be kept anyway.
      if (held.length >= keptEvents) return release();
      timer ??= setTimeout(release, paceMs).unref();
    },
    release,
    readers: ring.readers,
    lastId: ring.lastId,
    read: async function* (lastEventId, signal) {
      release();
      for await (const batch of ring.read(lastEventId, signal, toEvent)) {
        yield batch;
        if (batch.length === mostInBatch) await pause(paceMs, signal);
      }
    },
  };
}
