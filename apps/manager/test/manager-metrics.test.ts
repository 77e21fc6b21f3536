import { createHistogram } from '@mcp-acp/shared/histogram';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { EventOrigin, LiveEvent } from '@mcp-acp/shared/live/live-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManagerMetrics, type ManagerMetrics } from '../src/metrics/manager-metrics.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const origin = (name: string, instance = 'a'): EventOrigin => ({
  id: 'px_aaaaaaaaaaaaaaaa' as ProxyId,
  name,
  instance: `inst_${instance.padEnd(16, 'a')}` as InstanceId,
});

const decided = (
  proxy: EventOrigin,
  more: Partial<Extract<LiveEvent, { type: 'call_decided' }>> = {},
): LiveEvent => ({
  type: 'call_decided',
  time: at(0),
  proxy,
  seq: 1,
  from: 'client',
  disposition: 'forwarded',
  ...more,
});
const finished = (proxy: EventOrigin, tool: string | undefined, status: string): LiveEvent => ({
  type: 'call_finished',
  time: at(0),
  proxy,
  seq: 2,
  decision: 1,
  status,
  durationMs: 5,
  ...(tool === undefined ? {} : { tool }),
});
const counted = (...durationsMs: readonly number[]) => {
  const histogram = createHistogram();
  for (const ms of durationsMs) histogram.add(ms);
  return {
    ...histogram.summary(),
    ...histogram.counts(),
    buckets: histogram.counts().buckets.map(([a, b]) => [a, b] as [number, number]),
  };
};
const statistics = (
  proxy: EventOrigin,
  calls: readonly number[],
  more = { inFlight: 0, pending: 0 },
): LiveEvent => ({
  type: 'statistics',
  time: at(0),
  proxy,
  statistics: {
    requests: calls.length,
    allowed: calls.length,
    denied: 0,
    asked: 0,
    latency: {
      call: counted(...calls),
      backend: counted(),
      evaluation: counted(),
      humanWait: counted(2_000),
    },
  },
  journal: { append: counted(0.02), sync: counted(4) },
  ...more,
});

/** Samples by name and labels, each line of the text checked for its form. */
async function samples(metrics: ManagerMetrics): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const line of (await metrics.text()).split('\n')) {
    if (line === '' || line.startsWith('# HELP ') || line.startsWith('# TYPE ')) continue;
    const [, name = '', labels = '', value = ''] =
      /^([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (\S+)$/.exec(line) ?? [];
    expect(name, line).not.toBe('');
    expect(found.has(name + labels), `${line} twice`).toBe(false);
    found.set(name + labels, Number(value));
  }
  return found;
}

describe('the metrics', () => {
  it('[METRICS-COUNTED] count a tool call once: when it is refused, or when it is over', async () => {
    const metrics = createManagerMetrics();
    const files = origin('files');
    metrics.saw(decided(files, { tool: 'read', effect: 'allow' }));
    metrics.saw(finished(files, 'read', 'ok'));
    metrics.saw(decided(files, { tool: 'read', effect: 'allow' }));
    metrics.saw(finished(files, 'read', 'timed_out'));
    metrics.saw(decided(files, { tool: 'write', effect: 'deny', disposition: 'denied' }));
    metrics.saw(decided(files, { method: 'tools/list', disposition: 'forwarded' }));
    metrics.saw(finished(files, undefined, 'ok'));
    const found = await samples(metrics);
    expect(
      Object.fromEntries([...found].filter(([key]) => /tool_calls|decisions|backend_failures/.test(key))),
    ).toEqual({
      'mcp_acp_tool_calls_total{proxy="files",tool="read",status="ok"}': 1,
      'mcp_acp_tool_calls_total{proxy="files",tool="read",status="timed_out"}': 1,
      'mcp_acp_tool_calls_total{proxy="files",tool="write",status="denied"}': 1,
      'mcp_acp_decisions_total{proxy="files",effect="allow",disposition="forwarded"}': 2,
      'mcp_acp_decisions_total{proxy="files",effect="deny",disposition="denied"}': 1,
      'mcp_acp_decisions_total{proxy="files",effect="none",disposition="forwarded"}': 1,
      'mcp_acp_backend_failures_total{proxy="files",class="timed_out"}': 1,
    });
  });

  it('[METRICS-COUNTED] add up what instances count, over their ends and their coming back', async () => {
    const metrics = createManagerMetrics();
    const [one, two] = [origin('files', 'b'), origin('files', 'c')];
    for (const proxy of [one, two]) metrics.saw({ type: 'proxy_registered', time: at(0), proxy, pid: 1 });
    metrics.saw(statistics(one, [0.4, 3], { inFlight: 2, pending: 1 }));
    metrics.saw(statistics(one, [0.4, 3, 700], { inFlight: 3, pending: 1 }));
    metrics.saw(statistics(two, [3], { inFlight: 1, pending: 0 }));
    const key = (name: string, bound?: string): string =>
      bound === undefined
        ? `mcp_acp_${name}{proxy="files"}`
        : `mcp_acp_${name}_bucket{le="${bound}",proxy="files"}`;
    const before = await samples(metrics);
    expect([key('instances'), key('in_flight'), key('pending')].map((one) => before.get(one))).toEqual([
      2, 4, 1,
    ]);
    metrics.saw({ type: 'proxy_disconnected', time: at(1), proxy: one, reason: 'unresponsive' });
    metrics.saw({ type: 'proxy_registered', time: at(2), proxy: one, pid: 1 });
    metrics.saw(statistics(one, [0.4, 3, 700]));
    metrics.saw({ type: 'proxy_disconnected', time: at(3), proxy: one, reason: 'closed' });
    const after = await samples(metrics);
    expect(
      ['0.00025', '0.0005', '0.001', '0.005', '0.5', '1', '+Inf'].map((bound) =>
        after.get(key('call_duration_seconds', bound)),
      ),
    ).toEqual([0, 1, 1, 3, 3, 4, 4]);
    expect(after.get(key('call_duration_seconds_count'))).toBe(4);
    expect(after.get(key('call_duration_seconds_sum'))).toBeCloseTo(0.7064, 6);
    expect(after.get(key('journal_append_seconds_count'))).toBe(2);
    expect(after.get(key('journal_sync_seconds', '0.005'))).toBe(2);
    expect(after.get(key('human_wait_seconds_sum'))).toBeCloseTo(4, 6);
    expect([key('instances'), key('in_flight'), key('pending')].map((one) => after.get(one))).toEqual([
      1, 1, 0,
    ]);
  });

  it('[METRICS-COUNTED] tell how backends are reached and how they fail', async () => {
    const metrics = createManagerMetrics();
    const proxy = origin('web');
    const state = (
      second: number,
      state: 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'ended',
      error?: string,
      connectMs?: number,
    ): void =>
      metrics.saw({
        type: 'backend_state',
        time: at(second),
        proxy,
        state,
        ...(error === undefined ? {} : { error }),
        ...(connectMs === undefined ? {} : { connectMs }),
      });
    state(0, 'connecting', 'ECONNREFUSED');
    state(1, 'connecting', 'ETIMEDOUT: no answer');
    state(3, 'connected', undefined, 2_500);
    state(10, 'reconnecting', 'ECONNRESET');
    state(14, 'failed', 'some words of a library', 4_000);
    state(20, 'ended');
    const found = await samples(metrics);
    const of = (pattern: RegExp): Record<string, number> =>
      Object.fromEntries([...found].filter(([name]) => pattern.test(name)));
    expect(of(/failures|retries|transitions/)).toEqual({
      'mcp_acp_backend_retries_total{proxy="web"}': 3,
      'mcp_acp_backend_failures_total{proxy="web",class="ECONNREFUSED"}': 1,
      'mcp_acp_backend_failures_total{proxy="web",class="ETIMEDOUT"}': 1,
      'mcp_acp_backend_failures_total{proxy="web",class="ECONNRESET"}': 1,
      'mcp_acp_backend_failures_total{proxy="web",class="other"}': 1,
      'mcp_acp_backend_state_transitions_total{proxy="web",state="connecting"}': 2,
      'mcp_acp_backend_state_transitions_total{proxy="web",state="connected"}': 1,
      'mcp_acp_backend_state_transitions_total{proxy="web",state="reconnecting"}': 1,
      'mcp_acp_backend_state_transitions_total{proxy="web",state="failed"}': 1,
      'mcp_acp_backend_state_transitions_total{proxy="web",state="ended"}': 1,
    });
    expect(of(/connect_duration_seconds_(?:sum|count)/)).toEqual({
      'mcp_acp_backend_connect_duration_seconds_sum{proxy="web",result="connected"}': 2.5,
      'mcp_acp_backend_connect_duration_seconds_count{proxy="web",result="connected"}': 1,
      'mcp_acp_backend_connect_duration_seconds_sum{proxy="web",result="failed"}': 4,
      'mcp_acp_backend_connect_duration_seconds_count{proxy="web",result="failed"}': 1,
    });
  });

  it('[METRICS-COUNTED] know from the status of an instance what was told before anybody listened, and count it once', async () => {
    const statuses: InstanceStatus[] = [];
    const metrics = createManagerMetrics(() => statuses);
    const proxy = origin('files');
    const event = statistics(proxy, [3, 3]);
    if (event.type !== 'statistics') throw new Error('no statistics');
    const backend = {
      id: 'files',
      kind: 'stdio',
      target: 'node',
      state: 'connected',
      since: at(0),
      retries: 0,
    };
    const { statistics: counts, journal } = event;
    const status = { instance: proxy.instance, name: 'files', statistics: counts, journal };
    statuses.push({ ...status, backend: { ...backend, connectMs: 20 } } as unknown as InstanceStatus);
    await metrics.text();
    metrics.saw(statistics(proxy, [3, 3, 3]));
    // What is known already stays, though the status is older.
    const found = await samples(metrics);
    expect(found.get('mcp_acp_call_duration_seconds_count{proxy="files"}')).toBe(3);
    const connected = '{proxy="files",result="connected"}';
    expect(found.get(`mcp_acp_backend_connect_duration_seconds_count${connected}`)).toBe(1);
    expect(found.get(`mcp_acp_backend_connect_duration_seconds_sum${connected}`)).toBe(0.02);
  });

  it('count requests by where they went, incidents by code and events by type', async () => {
    const metrics = createManagerMetrics();
    metrics.http({ route: 'api', method: 'GET', status: 200, durationMs: 3 });
    metrics.http({ route: 'refused', method: 'PROPFIND', status: 405, durationMs: 1 });
    metrics.http({ route: 'api', method: 'GET', status: 101, durationMs: 3_600_000 });
    metrics.saw({ type: 'incident', time: at(0), code: 'unlock_refused', detail: 'x' });
    metrics.saw({ type: 'resync', time: at(0) });
    const found = await samples(metrics);
    expect(found.get('mcp_acp_http_requests_total{route="refused",method="PROPFIND",status="405"}')).toBe(1);
    expect(found.get('mcp_acp_http_request_duration_seconds_count{route="api"}')).toBe(1);
    expect(found.get('mcp_acp_incidents_total{code="unlock_refused"}')).toBe(1);
    expect(found.get('mcp_acp_events_total{type="resync"}')).toBe(1);
  });

  it('[METRICS-BOUNDED] keep 500 tools of a proxy and 200 proxies, and count the rest together', async () => {
    const metrics = createManagerMetrics();
    for (let tool = 0; tool < 1_000; tool++) metrics.saw(finished(origin('files'), `tool-${tool}`, 'ok'));
    for (let proxy = 0; proxy < 400; proxy++) metrics.saw(finished(origin(`p${proxy}`), 'read', 'ok'));
    for (let status = 0; status < 100; status++)
      metrics.saw(finished(origin('files'), 'read', `status-${status}`));
    const calls = [...(await samples(metrics))].filter(([key]) => key.startsWith('mcp_acp_tool_calls_total'));
    const labels = (name: string): Set<string> =>
      new Set(calls.map(([key]) => new RegExp(`${name}="([^"]*)"`).exec(key)?.[1] ?? ''));
    expect(labels('tool').size).toBeLessThanOrEqual(502);
    expect(labels('proxy').size).toBe(201);
    expect(labels('status').size).toBe(65);
    expect(calls.reduce((total, [, count]) => total + count, 0)).toBe(1_500);
  });

  it('[METRICS-BOUNDED] whatever a tool is called, stay lines of text with visible names of bounded length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 20 }),
        async (names) => {
          const metrics = createManagerMetrics();
          for (const tool of names) metrics.saw(finished(origin('files'), tool, 'ok'));
          const found = await samples(metrics);
          let total = 0;
          for (const [key, count] of found) {
            const tool = /tool="((?:[^"\\]|\\.)*)"/.exec(key)?.[1];
            if (tool === undefined) continue;
            total += count;
            expect(tool.replace(/\\(.)/g, '$1').length).toBeLessThanOrEqual(128);
            expect(tool).toMatch(/^[^\p{Cc}\p{Cf}\u202e]*$/u);
          }
          expect(total).toBe(names.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
