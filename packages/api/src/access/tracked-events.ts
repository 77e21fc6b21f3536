import { type LiveEvent, liveEventSchema } from '@mcp-acp/shared/live/live-event';
import { type TrackedEnvelope, tracked } from '@trpc/server';
import * as z from 'zod';
import type { Connection } from '../connection.ts';

/**
 * What a subscription yields, checked item by item as far as `item` goes. A procedure's output schema is asked once, for
 * the iterable; what it carries is checked as it passes.
 */
export function streamOf<Item>(item: z.ZodType<Item>) {
  return z
    .custom<AsyncIterable<Item>>(
      (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
    )
    .transform((source) => checked(source, item))
    .meta({ yields: item });
}

async function* checked<Item>(source: AsyncIterable<Item>, item: z.ZodType<Item>): AsyncGenerator<Item> {
  for await (const value of source) yield item.parse(value);
}

/** Live events with their ids, so that a reader who comes back misses nothing. */
export const trackedEvents = z
  .custom<AsyncIterable<TrackedEnvelope<LiveEvent>>>(
    (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  )
  .meta({ yields: liveEventSchema });

/** Yields events no faster than the connection takes them; what waits meanwhile is the source's to bound. */
export async function* trackEvents(
  source: AsyncIterable<readonly [id: string, event: LiveEvent]>,
  connection: Connection,
): AsyncGenerator<TrackedEnvelope<LiveEvent>> {
  for await (const [id, event] of source) {
    yield tracked(id, event);
    await connection.drained();
  }
}
