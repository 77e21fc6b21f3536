import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CountedRequest } from '../web/web-ports.ts';
import { boundedLabels, proxyLabels } from './bounded-labels.ts';
import { type CountSinks, countInstances } from './count-instances.ts';
import { countedDurations } from './counted-durations.ts';
import { watchBackends } from './watch-backends.ts';

export interface ManagerMetrics {
  /** Every live event, once. */
  saw(event: LiveEvent): void;
  /** What an instance says of itself, whenever it says so. */
  learned(status: InstanceStatus): void;
  http(request: CountedRequest): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

type OfInstance = Extract<LiveEvent, { readonly proxy: { readonly instance: string } }>;

/** What a client may call itself, and codes that a later version may have more of. */
const mostWords = 64;
const httpBuckets = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

/**
 * The figures of all proxies and of the manager, which started at `startedAt` (RFC 3339). What was called and decided, and
 * how long it took, is what the instances count themselves: events may be lost on the way, their counts are not. Every
 * label has a bounded number of values.
 */
export function createManagerMetrics(startedAt: string): ManagerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const labels = proxyLabels();
  const words = boundedLabels(mostWords);
  const counter = <Name extends string>(name: string, help: string, labelNames: readonly Name[]) =>
    new Counter({ name: `mcp_acp_${name}`, help, labelNames, registers });

  const toolCalls = counter('tool_calls_total', 'Tool calls that are over, by what became of them.', [
    'proxy',
    'tool',
    'status',
  ]);
  const decisions = counter(
    'decisions_total',
    'Requests decided, by what the policy said and what was done.',
    ['proxy', 'effect', 'disposition'],
  );
  const events = counter('events_total', 'Live events, by type.', ['type']);
  const incidents = counter('incidents_total', 'Incidents, by code.', ['code']);
  const httpRequests = counter('http_requests_total', 'Requests to the dashboard’s server.', [
    'route',
    'method',
    'status',
  ]);
  const httpDuration = new Histogram({
    name: 'mcp_acp_http_request_duration_seconds',
    help: 'How long requests to the dashboard’s server took.',
    labelNames: ['route'],
    buckets: httpBuckets,
    registers,
  });
  const latency: CountSinks['latency'] = {
    call: countedDurations(
      'mcp_acp_call_duration_seconds',
      'Access requests, from their last byte to their answer.',
    ),
    backend: countedDurations(
      'mcp_acp_backend_duration_seconds',
      'Access requests, as long as the backend had them.',
    ),
    evaluation: countedDurations('mcp_acp_policy_evaluation_seconds', 'Deciding under the policy.'),
    humanWait: countedDurations('mcp_acp_human_wait_seconds', 'Waiting for a person.'),
  };
  const journal: CountSinks['journal'] = {
    append: countedDurations(
      'mcp_acp_journal_append_seconds',
      'Handing the records of one commit to the kernel.',
    ),
    sync: countedDurations('mcp_acp_journal_sync_seconds', 'One sync of the disk under a journal.'),
  };
  const running = gauges(registry);
  const backends = watchBackends(registry, startedAt, labels.proxy);

  const count = countInstances(startedAt, {
    latency,
    journal,
    decided: (proxy, { effect = 'none', disposition }, more) =>
      decisions.inc({ proxy, effect, disposition: words.of(disposition) }, more),
    toolCalls: (proxy, { tool, status }, more) => {
      backends.finished(proxy, status, more);
      toolCalls.inc({ proxy, tool: labels.tool(proxy, tool), status: words.of(status) }, more);
    },
  });

  const ofInstance = (event: OfInstance): void => {
    const { instance, name } = event.proxy;
    const proxy = labels.proxy(name);
    switch (event.type) {
      case 'proxy_registered':
        return running.set(instance, { label: proxy, pending: 0, inFlight: 0 });
      case 'proxy_disconnected':
        return running.gone(instance);
      case 'statistics': {
        const { pending, inFlight } = event;
        return running.set(instance, { label: proxy, pending, inFlight });
      }
      case 'backend_state':
        return backends.saw(event);
    }
  };

  return {
    saw: (event) => {
      events.inc({ type: event.type });
      if (event.type === 'incident') incidents.inc({ code: event.code });
      else if ('proxy' in event && event.type !== 'resync') ofInstance(event);
    },
    learned: (status) => {
      const proxy = labels.proxy(status.name);
      count(proxy, status);
      backends.learned(status);
    },
    http: ({ route, method, status, durationMs }) => {
      httpRequests.inc({ route, method: words.of(method), status: String(status) });
      // A WebSocket is as long as its page is open.
      if (status !== 101) httpDuration.observe({ route }, durationMs / 1000);
    },
    text: async () => {
      const histograms = [...Object.values(latency), ...Object.values(journal)].map((one) => one.text());
      return [await registry.metrics(), ...histograms].join('\n');
    },
  };
}

interface Running {
  readonly label: string;
  readonly pending: number;
  readonly inFlight: number;
}

/** What is so at this moment, added up from what the instances of each proxy said last. */
function gauges(registry: Registry) {
  const instances = new Map<string, Running>();
  const gauge = (name: string, help: string, figure: (running: Running) => number): void => {
    new Gauge({
      name: `mcp_acp_${name}`,
      help,
      labelNames: ['proxy'],
      registers: [registry],
      collect() {
        this.reset();
        for (const running of instances.values()) this.inc({ proxy: running.label }, figure(running));
      },
    });
  };
  gauge('instances', 'Instances that are connected.', () => 1);
  gauge('pending', 'Requests that wait for a person.', ({ pending }) => pending);
  gauge('in_flight', 'Requests that wait for an answer.', ({ inFlight }) => inFlight);
  return {
    set: (instance: string, running: Running): void => void instances.set(instance, running),
    gone: (instance: string): void => void instances.delete(instance),
  };
}
