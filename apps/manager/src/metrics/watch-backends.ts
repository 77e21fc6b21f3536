import type { OutcomeStatus } from '@mcp-acp/shared/journal-record';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { Counter, Histogram, type Registry } from 'prom-client';
import { boundedLabels } from './bounded-labels.ts';

type BackendState = Extract<LiveEvent, { readonly type: 'backend_state' }>;

const connectBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const mostClasses = 64;
const mostReached = 2_000;
/** What became of a call by the backend's fault. */
const faults: ReadonlySet<string> = new Set<OutcomeStatus>([
  'timed_out',
  'backend_exited',
  'connection_lost',
  'unreadable',
  'not_sent',
]);

/** Reaching the backends since `since` (RFC 3339), and how they fail. `labelOf` is the label of a proxy. */
export function watchBackends(registry: Registry, since: string, labelOf: (name: string) => string) {
  const registers = [registry];
  const classes = boundedLabels(mostClasses);
  /** Instances the process of which was counted as reached. */
  const reached = new Set<string>();
  const transitions = new Counter({
    name: 'mcp_acp_backend_state_transitions_total',
    help: 'States that backends came into.',
    labelNames: ['proxy', 'state'],
    registers,
  });
  const retries = new Counter({
    name: 'mcp_acp_backend_retries_total',
    help: 'Attempts to connect that failed and were followed by another.',
    labelNames: ['proxy'],
    registers,
  });
  const failures = new Counter({
    name: 'mcp_acp_backend_failures_total',
    help: 'Failures of backends, by the error of the system or by what became of the call.',
    labelNames: ['proxy', 'class'],
    registers,
  });
  const connect = new Histogram({
    name: 'mcp_acp_backend_connect_duration_seconds',
    help: 'From the first attempt to connect until there was a connection, or none was tried any more.',
    labelNames: ['proxy', 'result'],
    buckets: connectBuckets,
    registers,
  });

  return {
    saw: (event: BackendState): void => {
      const { state, error, connectMs } = event;
      const proxy = labelOf(event.proxy.name);
      transitions.inc({ proxy, state });
      if (connectMs !== undefined) connect.observe({ proxy, result: state }, connectMs / 1000);
      if (error === undefined) return;
      failures.inc({ proxy, class: classes.of(errorClass(error)) });
      if (state === 'connecting' || state === 'reconnecting') retries.inc({ proxy });
    },
    /** A backend that is a process is reached before anybody could hear of it. */
    learned: ({ instance, name, startedAt, backend }: InstanceStatus): void => {
      const { kind, state, connectMs } = backend;
      if (kind !== 'stdio' || connectMs === undefined || startedAt < since || reached.has(instance)) return;
      reached.add(instance);
      if (reached.size > mostReached) reached.delete(reached.values().next().value ?? '');
      const result = state === 'failed' ? 'failed' : 'connected';
      connect.observe({ proxy: labelOf(name), result }, connectMs / 1000);
    },
    /** Calls are over. `proxy` is a label. */
    finished: (proxy: string, status: string, count: number): void => {
      if (faults.has(status)) failures.inc({ proxy, class: classes.of(status) }, count);
    },
  };
}

/** The system's own code, with which what is told of a connection's failure begins where there is one. */
const errorClass = (error: string): string => /^[A-Z][A-Z0-9_]{1,40}(?=:|$)/.exec(error)?.[0] ?? 'other';
