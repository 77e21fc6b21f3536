import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { EventBatch } from '@mcp-acp/api/events/event-ring';
import { newInstanceId, newProxyId } from '@mcp-acp/shared/ids';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { expect, it } from 'vitest';
import { createEventFeed } from '../src/live/event-feed.ts';
import { keptEvent } from '../src/live/live-event-of.ts';
import { answer, call, turn } from './live-scene.ts';

const time = '2026-01-01T00:00:00.000Z';

function openFeed() {
  const random = (length: number): Uint8Array => randomBytes(length);
  const origin = { id: newProxyId(random), name: 'files', instance: newInstanceId(random) };
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const escaped: unknown[] = [];
  let asked = 0;
  const feed = createEventFeed({
    origin,
    statistics: () => ({
      type: 'backend_state',
      time,
      proxy: origin,
      state: 'connected',
      connectMs: ++asked,
    }),
    guarded: (task) => {
      try {
        task();
      } catch (error) {
        escaped.push(error);
      }
    },
  });
  const read = (lastEventId?: string) => {
    const batches: EventBatch[] = [];
    const done = (async () => {
      for await (const batch of feed.read(lastEventId, over.signal)) batches.push(batch);
    })();
    const events = (): readonly LiveEvent[] => batches.flatMap((batch) => batch.map(([, event]) => event));
    return { batches, events, done };
  };
  return { feed, origin, over, read, escaped, asked: () => asked };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error(`${what} never came`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('[LIVE-EVENTS] a reader that keeps up loses nothing of ten thousand calls a second', async () => {
  const { feed, read, over, escaped } = openFeed();
  const reader = read();
  await turn();
  const events = 20_000;
  let seq = 0;
  // A hundred times a second; a machine that is late with it has longer for the rest as well.
  while (seq < events) {
    for (let times = 0; times < 100; times++) {
      feed.push(keptEvent(++seq, Date.now(), call()));
      feed.push(keptEvent(++seq, Date.now(), answer(seq - 1)));
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await until('every event', () => reader.events().length >= seq);
  over.abort();
  await reader.done;
  expect(reader.events().map((event) => 'seq' in event && event.seq)).toEqual(
    Array.from({ length: seq }, (_, index) => index + 1),
  );
  expect(escaped).toEqual([]);
});

it('[LIVE-EVENTS] readers at the same place are given one and the same batch', async () => {
  const { feed, read, over } = openFeed();
  const readers = [read(), read(), read()];
  await turn();
  for (let seq = 1; seq <= 600; seq++) feed.push(keptEvent(seq, Date.now(), call()));
  await until('every event', () => readers.every(({ events }) => events().length === 600));
  over.abort();
  const [first, ...others] = readers;
  for (const { batches } of others) {
    expect(batches).toHaveLength(first?.batches.length ?? 0);
    for (const [place, batch] of batches.entries()) expect(batch).toBe(first?.batches[place]);
  }
});

it('[LIVE-EVENTS] one instance has sixteen readers at most, and a place that is left is free', async () => {
  const { feed, read, over } = openFeed();
  for (let readers = 0; readers < 15; readers++) read();
  const leaving = new AbortController();
  const last = feed.read(undefined, leaving.signal)[Symbol.asyncIterator]().next();
  await turn();
  expect(feed.readers()).toBe(16);
  expect(() => feed.read(undefined, over.signal)).toThrow(
    expect.objectContaining({ code: 'too_many_requests' }),
  );
  leaving.abort();
  await last;
  expect(feed.readers()).toBe(15);
  read();
  await turn();
  expect(feed.readers()).toBe(16);
  over.abort();
});

it('[LIVE-EVENTS] figures are made when somebody reads them, and only the newest are told', async () => {
  const { feed, origin, read, over, asked } = openFeed();
  feed.push(keptEvent(1, Date.now(), call()));
  for (let times = 0; times < 50; times++) {
    feed.pushStatistics();
    feed.push(keptEvent(times + 2, Date.now(), call()));
  }
  await turn();
  expect(asked()).toBe(0);
  const readers = [read(`${origin.instance}.1`), read(`${origin.instance}.1`)];
  await until('every call', () => readers.every(({ events }) => events().length === 51));
  over.abort();
  for (const { events } of readers) {
    expect(events().filter(({ type }) => type === 'backend_state')).toMatchObject([{ connectMs: 1 }]);
  }
  expect(asked()).toBe(1);
});

it('[LIVE-EVENTS] what is told last has been handed to every reader before it is over', async () => {
  const { feed, read, over } = openFeed();
  const quick = read();
  const slow = feed.read(undefined, over.signal)[Symbol.asyncIterator]();
  const first = slow.next();
  await turn();
  for (let seq = 1; seq <= 700; seq++) feed.push(keptEvent(seq, Date.now(), call()));
  let isOver = false;
  const handedOver = feed.handOver(over.signal).then(() => {
    isOver = true;
  });
  await until('the quick reader', () => quick.events().length === 700);
  expect(isOver).toBe(false);
  let got = (await first).value?.length ?? 0;
  while (got < 700) got += (await slow.next()).value?.length ?? 0;
  const next = slow.next();
  await handedOver;
  over.abort();
  await next;
});
