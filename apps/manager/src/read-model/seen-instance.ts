import type { InstanceSeen } from '@mcp-acp/api/ports/proxies';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';

/** An instance and how the manager stands with it. */
export interface SeenInstance extends InstanceSeen {
  readonly status: InstanceStatus;
}

/** What an event says of the status at once; everything else is asked for. */
export function statusAfter(status: InstanceStatus, event: LiveEvent): InstanceStatus | undefined {
  if (event.type !== 'statistics') return undefined;
  const { statistics, journal, inFlight, pending } = event;
  return { ...status, statistics, inFlight, pending, ...(journal === undefined ? {} : { journal }) };
}

/** Events after which an instance's status is another one than it was. */
export const changesStatus: ReadonlySet<LiveEvent['type']> = new Set([
  'client_identified',
  'backend_state',
  'tools_changed',
  'policy_reloaded',
  'config_reloaded',
  'resync',
]);
