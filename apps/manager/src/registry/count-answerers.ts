import type { EventBatch } from '@mcp-acp/api/events/event-ring';
import type { EventFilter, EventsPort } from '@mcp-acp/api/ports/events';
import type { Watching } from './watching.ts';

/**
 * The same events. A reader behind which a person stands who can answer is counted by those proxies whose questions it is
 * told of, for as long as it reads.
 */
export function countAnswerers(events: EventsPort, watching: Watching): EventsPort {
  async function* counted(batches: AsyncIterable<EventBatch>, proxy: string | undefined) {
    const leave = watching.enter(proxy);
    try {
      yield* batches;
    } finally {
      leave();
    }
  }
  return {
    subscribe: (filter, reader, signal) => {
      const batches = events.subscribe(filter, reader, signal);
      return reader.canAnswer && hearsOfQuestions(filter) ? counted(batches, filter.proxy) : batches;
    },
  };
}

const hearsOfQuestions = ({ types }: EventFilter): boolean =>
  types === undefined || types.includes('approval_asked');
