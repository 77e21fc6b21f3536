import { type Clock, systemClock } from '@mcp-acp/shared/clock';
import { canonicalJson } from '@mcp-acp/shared/json';
import { summaryOf } from '@mcp-acp/shared/live/event-summary';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';

/** Tells events that come a second time, by another way, from new ones. */
export interface SeenEvents {
  isNew(event: LiveEvent): boolean;
}

/** Several times what an instance keeps, so that one which tells all it has from the beginning tells nothing twice. */
const mostKept = 16_384;

/** What happened before this call is not new. */
export function createSeenEvents(clock: Clock = systemClock): SeenEvents {
  const beganAt = clock.now();
  const beganMs = clock.monotonicMs();
  const told = new Set<string>();
  /** When it began, by the clock that events are told the time by now: it may have been set back meanwhile. */
  const since = (): number => Math.min(beganAt, Math.floor(clock.now() - (clock.monotonicMs() - beganMs)));
  return {
    isNew: (event) => {
      if (Date.parse(event.time) < since()) return false;
      // An event is passed on as it is, or its summary, so the same one is the same text whichever way it comes.
      const text = canonicalJson(summaryOf(event));
      if (told.has(text)) return false;
      told.add(text);
      if (told.size > mostKept) {
        const [oldest] = told;
        if (oldest !== undefined) told.delete(oldest);
      }
      return true;
    },
  };
}
