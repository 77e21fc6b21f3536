import type { Clock } from '@mcp-acp/shared/clock';

export interface SettableClock extends Clock {
  /** Time passes. */
  pass(ms: number): void;
  /** Somebody sets the wall clock. */
  set(ms: number): void;
}

/** A clock whose two hands move apart, as those of a machine do. */
export function settableClock(): SettableClock {
  let wallMs = Date.UTC(2026, 0, 1);
  let passedMs = 1_000;
  return {
    now: () => wallMs,
    monotonicMs: () => passedMs,
    pass: (ms) => {
      wallMs += ms;
      passedMs += ms;
    },
    set: (ms) => {
      wallMs += ms;
    },
  };
}
