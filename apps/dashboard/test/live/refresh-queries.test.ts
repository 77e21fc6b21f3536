import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRefresh } from '../../src/live/refresh-queries.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A list of what is pending that takes so many milliseconds to come, looked at all the time. */
function pendingList(answerMs: (asked: number) => number) {
  const queryClient = new QueryClient();
  let asked = 0;
  const known: unknown[] = [];
  const observer = new QueryObserver(queryClient, {
    queryKey: [['approvals', 'pending'], { type: 'query' }],
    queryFn: async () => {
      const own = ++asked;
      await new Promise((resolve) => setTimeout(resolve, answerMs(own)));
      return own;
    },
    retry: false,
  });
  const unsubscribe = observer.subscribe(({ data }) => {
    if (data !== undefined && known.at(-1) !== data) known.push(data);
  });
  return {
    queryClient,
    known,
    asked: () => asked,
    close: () => {
      unsubscribe();
      queryClient.clear();
    },
  };
}

it('answers arrive while events come faster than they do, and the last event is heard', async () => {
  const at = pendingList(() => 100);
  const refresh = createRefresh(at.queryClient);
  for (let event = 0; event < 200; event++) {
    refresh.soon(['approvals.pending']);
    await vi.advanceTimersByTimeAsync(10);
  }
  const duringStorm = at.known.length;
  expect(duringStorm).toBeGreaterThan(5);
  refresh.soon(['approvals.pending']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(at.known.at(-1)).toBe(at.asked());
  expect(at.known.length).toBeGreaterThan(duringStorm);
  refresh.close();
  at.close();
});

it('an answer that never comes does not hold the next question back for ever', async () => {
  const at = pendingList((asked) => (asked === 1 ? 1 : 1_000_000));
  const refresh = createRefresh(at.queryClient);
  await vi.advanceTimersByTimeAsync(10);
  refresh.soon(['approvals.pending']);
  await vi.advanceTimersByTimeAsync(100);
  refresh.soon(['approvals.pending']);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(at.asked()).toBe(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(at.asked()).toBe(3);
  refresh.close();
  at.close();
});
