import { summaryOf } from '@mcp-acp/shared/live/event-summary';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { expect, test } from 'vitest';
import { createSeenEvents } from '../src/live/seen-events.ts';

const startMs = Date.UTC(2026, 0, 1, 12);
const event = (atMs: number, detail = 'x'): LiveEvent => ({
  type: 'incident',
  time: new Date(atMs).toISOString(),
  code: 'internal',
  detail,
});

test('[EVENTS-TAIL] a clock that is set back silences nothing, and what was before stays before', () => {
  const clock = { wallMs: startMs, runMs: 5_000, now: () => clock.wallMs, monotonicMs: () => clock.runMs };
  const seen = createSeenEvents(clock);
  expect(seen.isNew(event(startMs - 1))).toBe(false);
  expect(seen.isNew(event(startMs))).toBe(true);
  clock.runMs += 60_000;
  clock.wallMs = startMs - 3_600_000 + 60_000;
  expect(seen.isNew(event(clock.wallMs))).toBe(true);
  expect(seen.isNew(event(startMs - 3_600_001))).toBe(false);
  // Set forward again, or after a sleep that the other clock does not count.
  clock.wallMs = startMs + 7_200_000;
  expect(seen.isNew(event(startMs + 1_000))).toBe(true);
});

test('[EVENTS-TAIL] an event and its summary are the same, in whatever order their members come', () => {
  const seen = createSeenEvents({ now: () => startMs, monotonicMs: () => 0 });
  const latency = { count: 1, sumMs: 3, buckets: [[40, 1]] as [number, number][] };
  const statistics: LiveEvent = {
    type: 'statistics',
    time: new Date(startMs).toISOString(),
    proxy: { id: 'px_aaaaaaaaaaaaaaaa', name: 'files', instance: 'inst_aaaaaaaaaaaaaaaa' } as never,
    statistics: {
      ...{ requests: 1, allowed: 1, denied: 0, asked: 0 },
      latency: { call: latency, backend: latency, evaluation: latency, humanWait: latency },
    },
    inFlight: 0,
    pending: 0,
  };
  expect(seen.isNew(statistics)).toBe(true);
  const { type, ...others } = summaryOf(statistics);
  expect(seen.isNew({ ...others, type } as LiveEvent)).toBe(false);
});
