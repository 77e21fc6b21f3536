import type { LiveEventType } from '@mcp-acp/shared/live/live-event';
import type { EventBatch } from '../events/event-ring.ts';
import type { EventReader } from './instance.ts';

export interface EventFilter {
  readonly proxy?: string | undefined;
  readonly types?: readonly LiveEventType[] | undefined;
}

/** The live events of all proxies and of the manager itself. */
export interface EventsPort {
  /** As `InstancePort.events`; an id is good for any filter and outlives a restart of the manager. */
  subscribe(filter: EventFilter, reader: EventReader, signal: AbortSignal): AsyncIterable<EventBatch>;
}
