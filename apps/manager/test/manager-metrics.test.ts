import { createHistogram } from '@mcp-acp/shared/histogram';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { EventOrigin, LiveEvent } from '@mcp-acp/shared/live/live-event';
import type { CountedStatistics } from '@mcp-acp/shared/live/statistics';
import { instanceStatus } from '@mcp-acp/testing/play-instance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManagerMetrics, type ManagerMetrics } from '../src/metrics/manager-metrics.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const origin = (name: string, instance = 'a'): EventOrigin => ({
  id: 'px_aaaaaaaaaaaaaaaa' as ProxyId,
  name,
  instance: `inst_${instance.padEnd(16, 'a')}` as InstanceId,
});

/** What an instance says when these tool calls are over; `more` overrides what it decided and counted. */
const told = (
  proxy: EventOrigin,
  toolCalls: NonNullable<CountedStatistics['toolCalls']>,
  more: { readonly decided?: CountedStatistics['decided']; readonly startedAt?: string } = {},
): InstanceStatus => {
  const { decided, startedAt = at(1) } = more;
  const status = instanceStatus(proxy.name, proxy.instance);
  const counts = decided === undefined ? { toolCalls } : { toolCalls, decided };
  return { ...status, startedAt, statistics: { ...status.statistics, ...counts } };
};
const calls = (tool: string, status: string, count = 1) => ({ tool, status, count });
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

/** The status that goes with such an event. */
const saying = (event: Extract<LiveEvent, { type: 'statistics' }>): InstanceStatus => ({
  ...instanceStatus(event.proxy.name, event.proxy.instance),
  startedAt: at(1),
  statistics: event.statistics,
  ...(event.journal === undefined ? {} : { journal: event.journal }),
});
const took = (proxy: EventOrigin, durationsMs: readonly number[]): CountedStatistics['latency'] => {
  const event = statistics(proxy, durationsMs);
  if (event.type !== 'statistics') throw new Error('no statistics');
  return event.statistics.latency;
};

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
  it('[METRICS-COUNTED] count what instances count: calls by what became of them, decisions by kind', async () => {
    const metrics = createManagerMetrics(at(0));
    const files = origin('files');
    metrics.learned(told(files, [calls('read', 'ok')]));
    const toolCalls = [calls('read', 'ok'), calls('read', 'timed_out', 2), calls('write', 'denied')];
    const decided: CountedStatistics['decided'] = [
      { effect: 'allow', disposition: 'forwarded', count: 3 },
      { effect: 'deny', disposition: 'denied', count: 1 },
      { disposition: 'forwarded', count: 1 },
    ];
    metrics.learned(told(files, toolCalls, { decided }));
    // The same again, and what was said earlier.
    metrics.learned(told(files, toolCalls, { decided }));
    metrics.learned(told(files, [calls('read', 'ok')]));
    const found = await samples(metrics);
    expect(
      Object.fromEntries([...found].filter(([key]) => /tool_calls|decisions|backend_failures/.test(key))),
    ).toEqual({
      'mcp_acp_tool_calls_total{proxy="files",tool="read",status="ok"}': 1,
      'mcp_acp_tool_calls_total{proxy="files",tool="read",status="timed_out"}': 2,
      'mcp_acp_tool_calls_total{proxy="files",tool="write",status="denied"}': 1,
      'mcp_acp_decisions_total{proxy="files",effect="allow",disposition="forwarded"}': 3,
      'mcp_acp_decisions_total{proxy="files",effect="deny",disposition="denied"}': 1,
      'mcp_acp_decisions_total{proxy="files",effect="none",disposition="forwarded"}': 1,
      'mcp_acp_backend_failures_total{proxy="files",class="timed_out"}': 2,
    });
  });

  it('[METRICS-COUNTED] count no event: those that are lost on the way change nothing', async () => {
    const metrics = createManagerMetrics(at(0));
    const proxy = origin('files');
    const call = { time: at(1), proxy, tool: 'read', seq: 2 };
    metrics.saw({ ...call, type: 'call_decided', from: 'client', effect: 'allow', disposition: 'forwarded' });
    metrics.saw({ ...call, type: 'call_finished', decision: 1, status: 'ok', durationMs: 5 });
    metrics.learned(told(proxy, [calls('read', 'ok', 30_000)]));
    const found = await samples(metrics);
    expect(found.get('mcp_acp_tool_calls_total{proxy="files",tool="read",status="ok"}')).toBe(30_000);
  });

  it('[METRICS-COUNTED] begin a manager that starts again with what instances had, and count what they add', async () => {
    const metrics = createManagerMetrics(at(10));
    const old = { startedAt: at(5) };
    const [one, two] = [origin('files', 'b'), origin('files', 'c')];
    const key = 'mcp_acp_tool_calls_total{proxy="files",tool="read",status="ok"}';
    const had = told(one, [calls('read', 'ok', 100)], old);
    metrics.learned({ ...had, statistics: { ...had.statistics, latency: took(one, [3, 3, 3]) } });
    expect((await samples(metrics)).has(key)).toBe(false);
    metrics.learned(told(one, [calls('read', 'ok', 101), calls('read', 'error', 2)], old));
    // It began after the manager: all of it is new.
    metrics.learned(told(two, [calls('read', 'ok', 5)], { startedAt: at(11) }));
    const found = await samples(metrics);
    expect(found.get(key)).toBe(6);
    expect(found.get('mcp_acp_tool_calls_total{proxy="files",tool="read",status="error"}')).toBe(2);
    expect(found.get('mcp_acp_call_duration_seconds_count{proxy="files"}')).toBeUndefined();
    metrics.learned({ ...had, statistics: { ...had.statistics, latency: took(one, [3, 3, 3, 700]) } });
    const after = await samples(metrics);
    expect(after.get('mcp_acp_call_duration_seconds_count{proxy="files"}')).toBe(1);
    expect(after.get('mcp_acp_call_duration_seconds_sum{proxy="files"}')).toBeCloseTo(0.7, 6);
  });

  it('[METRICS-COUNTED] add up what instances count, over their ends and their coming back', async () => {
    const metrics = createManagerMetrics(at(0));
    const [one, two] = [origin('files', 'b'), origin('files', 'c')];
    for (const proxy of [one, two]) metrics.saw({ type: 'proxy_registered', time: at(0), proxy, pid: 1 });
    const says = (event: LiveEvent): void => {
      metrics.saw(event);
      if (event.type === 'statistics') metrics.learned(saying(event));
    };
    says(statistics(one, [0.4, 3], { inFlight: 2, pending: 1 }));
    says(statistics(one, [0.4, 3, 700], { inFlight: 3, pending: 1 }));
    says(statistics(two, [3], { inFlight: 1, pending: 0 }));
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
    says(statistics(one, [0.4, 3, 700]));
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
    const metrics = createManagerMetrics(at(0));
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

  it('[METRICS-COUNTED] count the reaching of a backend that is a process once, where it was since the start', async () => {
    const metrics = createManagerMetrics(at(10));
    const status = told(origin('files'), [], { startedAt: at(11) });
    const reached = { ...status, backend: { ...status.backend, connectMs: 20 } };
    metrics.learned(reached);
    metrics.learned(reached);
    metrics.learned({ ...reached, instance: origin('files', 'b').instance, startedAt: at(9) });
    const found = await samples(metrics);
    const connected = '{proxy="files",result="connected"}';
    expect(found.get(`mcp_acp_backend_connect_duration_seconds_count${connected}`)).toBe(1);
    expect(found.get(`mcp_acp_backend_connect_duration_seconds_sum${connected}`)).toBe(0.02);
  });

  it('count requests by where they went, incidents by code and events by type', async () => {
    const metrics = createManagerMetrics(at(0));
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
    const metrics = createManagerMetrics(at(0));
    const tools = Array.from({ length: 500 }, (_, index) => index);
    metrics.learned(
      told(
        origin('files'),
        tools.map((tool) => calls(`tool-${tool}`, 'ok')),
      ),
    );
    metrics.learned(
      told(
        origin('files', 'b'),
        tools.map((tool) => calls(`more-${tool}`, 'ok')),
      ),
    );
    for (let proxy = 0; proxy < 400; proxy++)
      metrics.learned(told(origin(`p${proxy}`, `p${proxy}p`), [calls('read', 'ok')]));
    metrics.learned(
      told(
        origin('files', 'c'),
        tools.slice(0, 100).map((status) => calls('tool-1', `status-${status}`)),
      ),
    );
    const counts = [...(await samples(metrics))].filter(([key]) =>
      key.startsWith('mcp_acp_tool_calls_total'),
    );
    const labels = (name: string): Set<string> =>
      new Set(counts.map(([key]) => new RegExp(`${name}="([^"]*)"`).exec(key)?.[1] ?? ''));
    expect(labels('tool').size).toBeLessThanOrEqual(502);
    expect(labels('proxy').size).toBe(201);
    expect(labels('status').size).toBe(65);
    expect(counts.reduce((total, [, count]) => total + count, 0)).toBe(1_500);
  });

  it('[METRICS-BOUNDED] whatever a tool is called, stay lines of text with visible names of bounded length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 20 }),
        async (names) => {
          const metrics = createManagerMetrics(at(0));
          metrics.learned(
            told(
              origin('files'),
              [...new Set(names)].map((tool) => calls(tool, 'ok')),
            ),
          );
          const found = await samples(metrics);
          let total = 0;
          for (const [key, count] of found) {
            const tool = /tool="((?:[^"\\]|\\.)*)"/.exec(key)?.[1];
            if (tool === undefined) continue;
            total += count;
            expect(tool.replace(/\\(.)/g, '$1').length).toBeLessThanOrEqual(128);
            expect(tool).toMatch(/^[^\p{Cc}\p{Cf}\u202e]*$/u);
          }
          expect(total).toBe(new Set(names).size);
        },
      ),
      { numRuns: 200 },
    );
  });
});
