import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventRing, type EventBatch, type IdentifiedEvent } from '../src/events/event-ring.ts';

const time = '2026-01-01T00:00:00.000Z';
const toEvent = (pid: number): LiveEvent => ({ type: 'manager_started', time, pid });
const ringOf = (most: number, series = 'a') => createEventRing<number>({ series, most, now: () => time });
const shown = ([id, event]: IdentifiedEvent): string =>
  event.type === 'manager_started' ? `${id}=${event.pid}` : `${id}=${event.type}`;

describe('the ring of events', () => {
  it('gives a reader who comes back exactly what it missed', async () => {
    const ring = ringOf(8);
    for (const item of [10, 20, 30]) ring.push(item);
    const stop = new AbortController();
    const reader = ring.read('a.1', stop.signal, toEvent);
    expect(((await reader.next()).value as EventBatch).map(shown)).toEqual(['a.2=20', 'a.3=30']);
    const later = reader.next();
    ring.push(40);
    expect(((await later).value as EventBatch).map(shown)).toEqual(['a.4=40']);
    stop.abort();
    expect((await reader.next()).done).toBe(true);
    expect(ring.readers()).toBe(0);
  });

  it.each([
    ['of another series', 'b.2'],
    ['no longer kept', 'a.1'],
    ['not yet given', 'a.99'],
    ['none at all', 'nonsense'],
  ])('tells a reader whose last event is %s to ask anew', async (_name, id) => {
    const ring = ringOf(4);
    for (let item = 1; item <= 9; item++) ring.push(item);
    const reader = ring.read(id, new AbortController().signal, toEvent);
    expect(((await reader.next()).value as EventBatch).map(shown)).toEqual(['a.9=resync']);
    ring.push(10);
    expect(((await reader.next()).value as EventBatch).map(shown)).toEqual(['a.10=10']);
    await reader.return(undefined);
  });

  it('ends a reader that waits', async () => {
    const ring = ringOf(4);
    const stop = new AbortController();
    const next = ring.read(undefined, stop.signal, toEvent).next();
    stop.abort();
    expect((await next).done).toBe(true);
  });

  it('[EVENTS-BOUNDED] loses nothing for a reader that keeps up, and says so to one that does not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 16 }),
        fc.array(fc.oneof(fc.constant('read'), fc.integer({ min: 1, max: 24 })), { maxLength: 60 }),
        async (most, steps) => {
          const ring = ringOf(most);
          const stop = new AbortController();
          ring.push(0);
          const reader = ring.read('a.1', stop.signal, toEvent);
          let pushed = 1;
          let expected = 2;
          for (const step of steps) {
            if (step !== 'read') {
              for (let item = 0; item < (step as number); item++) ring.push(pushed++);
              continue;
            }
            if (expected > pushed) continue;
            for (const [id, event] of (await reader.next()).value as EventBatch) {
              if (event.type === 'resync') {
                expect(pushed - most + 1).toBeGreaterThan(expected);
                expect(id).toBe(`a.${pushed}`);
                expected = pushed + 1;
              } else {
                expect(shown([id, event])).toBe(`a.${expected}=${expected - 1}`);
                expected++;
              }
            }
          }
          stop.abort();
        },
      ),
    );
  });
});
