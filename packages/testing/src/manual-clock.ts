import type { Clock } from '@mcp-acp/shared/clock';

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** A clock that stands still until told otherwise. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsedMs = 0;
  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    advance: (ms) => {
      elapsedMs += ms;
    },
  };
}
