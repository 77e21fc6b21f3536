import type { ProxySeen } from '../proxy/answers.ts';

export const proxyFilters = ['all', 'running', 'stopped', 'attention'] as const;
export type ProxyFilter = (typeof proxyFilters)[number];

export const filterLabels: Readonly<Record<ProxyFilter, string>> = {
  all: 'All',
  running: 'Running',
  stopped: 'Not running',
  attention: 'Needs attention',
};

/** Something about it waits for a person, or does not work. */
function needsAttention({ connection, configured, instances }: ProxySeen): boolean {
  if (!configured || connection === 'unresponsive') return true;
  return instances.some(
    ({ status, connection }) =>
      connection === 'unresponsive' ||
      status.pending > 0 ||
      status.policyAside !== undefined ||
      status.backend.state === 'failed' ||
      status.backend.state === 'reconnecting',
  );
}

/** `waiting`: names of those that do not run and need somebody. */
export function passesFilter(
  proxy: ProxySeen,
  filter: ProxyFilter,
  waiting: ReadonlySet<string> = new Set(),
): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return proxy.instances.length > 0;
    case 'stopped':
      return proxy.instances.length === 0;
    case 'attention':
      return waiting.has(proxy.name) || needsAttention(proxy);
  }
}
