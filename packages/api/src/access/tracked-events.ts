import { liveEventSchema } from '@mcp-acp/shared/live/live-event';
import { type TrackedEnvelope, tracked } from '@trpc/server';
import * as z from 'zod';
import type { Connection } from '../connection.ts';
import { type EventBatch, mostInBatch } from '../events/event-ring.ts';
import { asTaken, isStream } from './as-taken.ts';

/**
 * What a subscription yields, checked item by item as far as `item` goes. A procedure's output schema is asked once, for
 * the iterable; what it carries is checked as it passes.
 */
export function streamOf<Item>(item: z.ZodType<Item>) {
  return z
    .custom<AsyncIterable<Item>>(isStream)
    .transform((source) => checked(source, item))
    .meta({ yields: item });
}

async function* checked<Item>(source: AsyncIterable<Item>, item: z.ZodType<Item>): AsyncGenerator<Item> {
  for await (const value of source) yield item.parse(value);
}

const batchSchema = z.array(z.tuple([z.string().max(128), liveEventSchema])).max(mostInBatch);

/** A batch carries the id of its last event, so that a reader who comes back misses nothing. */
export const trackedEvents = z
  .custom<AsyncIterable<TrackedEnvelope<EventBatch>>>(isStream)
  .meta({ yields: batchSchema });

/** Yields events no faster than the connection takes them; what waits meanwhile is the source's to bound. */
export async function* trackEvents(
  source: AsyncIterable<EventBatch>,
  connection: Connection,
): AsyncGenerator<TrackedEnvelope<EventBatch>> {
  for await (const batch of asTaken(source, connection)) {
    const last = batch.at(-1);
    if (last !== undefined) yield tracked(last[0], batch);
  }
}
