import type { EventBatch } from '@mcp-acp/api/events/event-ring';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { describe, expect, it } from 'vitest';
import { createEventHub } from '../src/events/event-hub.ts';
import type { EventLog, LoggedEvent } from '../src/events/event-log.ts';

const time = '2026-01-01T00:00:00.000Z';
const instance = 'inst_aaaaaaaaaaaaaaaa' as InstanceId;
const proxy = { id: 'px_aaaaaaaaaaaaaaaa' as ProxyId, name: 'files', instance };
const tools = (count: number): LiveEvent => ({ type: 'tools_changed', time, proxy, tools: count });

const latency = { count: 1, sumMs: 3, medianMs: 3, p95Ms: 3, buckets: [[40, 1]] as [number, number][] };
const statistics = (requests: number): LiveEvent => ({
  type: 'statistics',
  time,
  proxy,
  statistics: {
    requests,
    allowed: requests,
    denied: 0,
    asked: 0,
    latency: { call: latency, backend: latency, evaluation: latency, humanWait: latency },
    decided: [{ effect: 'allow', disposition: 'forwarded', count: requests }],
  },
  journal: { append: latency, sync: latency },
  inFlight: 0,
  pending: 0,
});

/** A log in memory, which outlives a hub as the real one outlives a manager. */
function keepEvents(): EventLog {
  const kept: LoggedEvent[] = [];
  return {
    append: (events) => void kept.push(...events),
    after: (id, limit) => {
      const place = kept.findIndex((logged) => logged.id === id);
      return place === -1 ? undefined : kept.slice(place + 1, place + 1 + limit);
    },
    lastSource: (wanted) =>
      kept.findLast(({ event }) => 'proxy' in event && event.proxy?.instance === wanted)?.source,
  };
}

const hubOf = (series: string, log: EventLog) => createEventHub({ series, log, now: () => time });

const from = (lastEventId?: string) => ({ lastEventId, canAnswer: false });

async function take(batches: AsyncIterable<EventBatch>, count: number): Promise<string[]> {
  const seen: string[] = [];
  for await (const batch of batches) {
    for (const [id, event] of batch) {
      seen.push(event.type === 'tools_changed' ? `${id}=${event.tools}` : `${id}=${event.type}`);
    }
    if (seen.length >= count) break;
  }
  return seen;
}

describe('the hub of events', () => {
  it('[EVENTS-RESUME] gives a subscriber who comes back over a restart what it missed, from before and after it', async () => {
    const log = keepEvents();
    const before = hubOf('e1', log);
    for (const count of [1, 2, 3]) before.publish(tools(count), `${instance}.${count}`);
    before.flush();
    const after = hubOf('e2', log);
    expect(after.lastSource(instance)).toBe(`${instance}.3`);
    after.publish(tools(4));
    const { signal } = new AbortController();
    expect(await take(after.subscribe({}, from('e1.1'), signal), 3)).toEqual(['e1.2=2', 'e1.3=3', 'e2.1=4']);
    expect(await take(after.subscribe({}, from('e1.3'), signal), 1)).toEqual(['e2.1=4']);
  });

  it('goes on with what comes where nothing was missed', async () => {
    const log = keepEvents();
    const before = hubOf('e1', log);
    before.publish(tools(1));
    before.flush();
    const after = hubOf('e2', log);
    const seen = take(after.subscribe({}, from('e1.1'), new AbortController().signal), 2);
    await new Promise((resolve) => setImmediate(resolve));
    after.publish(tools(2));
    after.publish(tools(3));
    expect(await seen).toEqual(['e2.1=2', 'e2.2=3']);
  });

  it('says so where the event is not known, as after a kill that came before the log', async () => {
    const hub = hubOf('e2', keepEvents());
    hub.publish(tools(1));
    const { signal } = new AbortController();
    expect(await take(hub.subscribe({}, from('e1.77'), signal), 1)).toEqual(['e2.1=resync']);
  });

  it('reads from the log what the ring has dropped', async () => {
    const hub = hubOf('e1', keepEvents());
    for (let count = 1; count <= 40_000; count++) hub.publish(tools(count));
    const seen = await take(hub.subscribe({}, from('e1.2'), new AbortController().signal), 39_998);
    expect(seen[0]).toBe('e1.3=3');
    expect(seen.at(-1)).toBe('e1.40000=40000');
  });

  it('lets through what was asked for', async () => {
    const hub = hubOf('e1', keepEvents());
    const { signal } = new AbortController();
    const ofFiles = take(hub.subscribe({ proxy: 'files' }, from(), signal), 1);
    const ofManager = take(hub.subscribe({ types: ['manager_started'] }, from(), signal), 1);
    await new Promise((resolve) => setImmediate(resolve));
    hub.publish({ type: 'manager_started', time, pid: 1 });
    hub.publish(tools(1));
    expect(await ofFiles).toEqual(['e1.2=1']);
    expect(await ofManager).toEqual(['e1.1=manager_started']);
    expect(hub.subscribers).toBe(0);
  });

  it('[EVENTS-GAP] tells every filter that concerns it that something is missing, and no other', async () => {
    const hub = hubOf('e1', keepEvents());
    const other = { ...proxy, name: 'other' };
    const stop = new AbortController();
    const heard = (filter: Parameters<typeof hub.subscribe>[0]) =>
      take(hub.subscribe(filter, from(), stop.signal), 3);
    const ofFiles = heard({ proxy: 'files' });
    const ofType = heard({ types: ['call_finished'] });
    await new Promise((resolve) => setImmediate(resolve));
    hub.publish({ type: 'resync', time, proxy });
    hub.publish({ type: 'resync', time, proxy: other });
    hub.publish({ type: 'resync', time });
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    expect(await ofFiles).toEqual(['e1.1=resync', 'e1.3=resync']);
    expect(await ofType).toEqual(['e1.1=resync', 'e1.2=resync', 'e1.3=resync']);
  });

  it('[EVENTS-BOUNDED] keeps the newest statistics of an instance alone, and tells and logs summaries', async () => {
    const log = keepEvents();
    const hub = hubOf('e1', log);
    const whole: LiveEvent[] = [];
    hub.observe((event) => whole.push(event));
    hub.publish(tools(1));
    for (let requests = 1; requests <= 100; requests++) hub.publish(statistics(requests));
    hub.flush();
    const told: EventBatch[number][] = [];
    for await (const batch of hub.subscribe({}, from('e1.1'), new AbortController().signal)) {
      told.push(...batch);
      break;
    }
    expect(told.map(([id]) => id)).toEqual(['e1.101']);
    const [event] = told.map(([, found]) => found);
    expect(event).toMatchObject({
      type: 'statistics',
      statistics: { requests: 100, latency: { call: { count: 1, buckets: [] } } },
      journal: { sync: { buckets: [] } },
    });
    expect(event).not.toHaveProperty('statistics.decided');
    expect(JSON.stringify(log.after('e1.1', 1_000))).not.toMatch(/"buckets":\[\[|decided/);
    expect(whole.at(-1)).toMatchObject(statistics(100));
  });
});
