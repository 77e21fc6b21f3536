import type { LiveEvent } from '@mcp-acp/shared/live/live-event';

export interface LoggedEvent {
  /** As subscribers know it: `<series>.<number>`. */
  readonly id: string;
  readonly event: LiveEvent;
  /** The id it had with the instance that told it. */
  readonly source?: string;
}

/** Events that outlive the manager, as far as they are kept, so that a subscriber who comes back after a restart misses nothing. */
export interface EventLog {
  append(events: readonly LoggedEvent[]): void;
  /** What follows an event, oldest first; undefined where that one is not kept. */
  after(id: string, limit: number): readonly LoggedEvent[] | undefined;
  /** The newest id an instance gave an event that is kept. */
  lastSource(instance: string): string | undefined;
}
