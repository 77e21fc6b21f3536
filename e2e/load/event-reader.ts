import type { EventBatch } from '@mcp-acp/api/events/event-ring';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';

export interface ReaderFigures {
  readonly events: number;
  /** Events of the instances that came twice, out of turn, or not at all between two that came. */
  readonly lost: number;
  readonly resyncs: number;
  /** From the time in the event until it was read. Milliseconds. */
  readonly delaysMs: readonly number[];
}

export interface EventReader {
  read(batch: EventBatch): void;
  figures(): ReaderFigures;
}

/** Reads events as a subscriber does, and checks that of every instance each comes once and in turn. */
export function createEventReader(): EventReader {
  const next = new Map<string, number>();
  const delaysMs: number[] = [];
  let events = 0;
  let lost = 0;
  let resyncs = 0;
  const note = (event: LiveEvent): void => {
    if (event.type === 'resync') resyncs++;
    if (event.type !== 'call_decided') return;
    events++;
    const { instance } = event.proxy;
    const expected = next.get(instance) ?? 1;
    lost += Math.abs(event.seq - expected);
    next.set(instance, event.seq + 1);
    if (events % 50 === 0) delaysMs.push(Date.now() - Date.parse(event.time));
  };
  return {
    read: (batch) => {
      for (const [, event] of batch) note(event);
    },
    figures: () => ({ events, lost, resyncs, delaysMs }),
  };
}
