import type { Clock, Timers } from '@mcp-acp/shared/clock';

export interface ManualClock extends Clock, Timers {
  advance(ms: number): void;
}

/** A clock that stands still until told otherwise; what is due runs as it passes. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsedMs = 0;
  const tasks = new Set<{ readonly dueMs: number; readonly task: () => void }>();
  const nextUntil = (endMs: number) =>
    [...tasks].filter(({ dueMs }) => dueMs <= endMs).sort((one, other) => one.dueMs - other.dueMs)[0];
  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after: (ms, task) => {
      const entry = { dueMs: elapsedMs + ms, task };
      tasks.add(entry);
      return () => void tasks.delete(entry);
    },
    advance: (ms) => {
      const endMs = elapsedMs + ms;
      for (let next = nextUntil(endMs); next !== undefined; next = nextUntil(endMs)) {
        tasks.delete(next);
        elapsedMs = Math.max(elapsedMs, next.dueMs);
        next.task();
      }
      elapsedMs = endMs;
    },
  };
}
