const firstMs = 200;
const longestMs = 10_000;

/** How long to wait after the failed attempt number `attempt` (from 0): doubled each time, half of it at random, so that many clients of one server do not come back at once. Milliseconds. */
export function backoffMs(attempt: number): number {
  const wholeMs = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 16));
  return wholeMs / 2 + Math.random() * (wholeMs / 2);
}
