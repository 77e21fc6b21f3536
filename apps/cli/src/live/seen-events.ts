import type { LiveEvent } from '@mcp-acp/shared/live/live-event';

/** Tells events that come a second time, by another way, from new ones. */
export interface SeenEvents {
  isNew(event: LiveEvent): boolean;
}

/** Several times what an instance keeps, so that one which tells all it has from the beginning tells nothing twice. */
const mostKept = 16_384;

/** `since`: what happened before is not new. RFC 3339. */
export function createSeenEvents(since: string): SeenEvents {
  const told = new Set<string>();
  return {
    isNew: (event) => {
      if (event.time < since) return false;
      // An event is passed on as it is, so the same one is the same text whichever way it comes.
      const text = JSON.stringify(event);
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
