import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepAlive, keepAliveTimes } from '../src/wire/keep-alive.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const asked = vi.fn();
  const gone = vi.fn();
  return { asked, gone, alive: keepAlive(keepAliveTimes, { ask: asked, gone }) };
}

it('[HALF-OPEN] a side that says nothing is asked, and given up well within 45 seconds', () => {
  const { asked, gone } = watch();
  vi.advanceTimersByTime(14_999);
  expect(asked).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(gone).not.toHaveBeenCalled();
  vi.advanceTimersByTime(15_000);
  expect(gone).toHaveBeenCalledTimes(1);
  expect(keepAliveTimes.pingMs + keepAliveTimes.pongMs).toBeLessThan(45_000);
});

it('[HALF-OPEN] one that answers is there for as long as it does', () => {
  const { asked, gone, alive } = watch();
  for (let round = 1; round <= 10; round++) {
    vi.advanceTimersByTime(20_000);
    expect(asked).toHaveBeenCalledTimes(round);
    alive.heard();
  }
  expect(gone).not.toHaveBeenCalled();
  alive.stop();
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveBeenCalledTimes(10);
});
