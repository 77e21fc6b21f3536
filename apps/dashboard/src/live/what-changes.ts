import type { LiveEventType } from '@mcp-acp/shared/live/live-event';

/**
 * Which queries an event may have made untrue, by the path of their procedure; a part of a path stands for all under it.
 * An event says that something changed: what it is now is asked for again.
 */
export const whatChanges = {
  proxy_registered: ['proxies', 'proxy', 'approvals', 'manager.status'],
  proxy_disconnected: ['proxies', 'proxy', 'approvals', 'manager.status', 'history.records'],
  client_identified: ['proxies', 'proxy.status'],
  backend_state: ['proxies', 'proxy.status'],
  tools_changed: ['proxies', 'proxy.status'],
  statistics: ['proxies.list', 'proxies.get', 'proxies.totals', 'proxy.status'],
  call_decided: ['history.records', 'history.series', 'history.ruleHits'],
  call_finished: ['history.records', 'history.series'],
  approval_asked: ['approvals.pending', 'proxy.approvals'],
  approval_open: ['approvals.pending', 'proxy.approvals', 'proxy.approval'],
  approval_ended: ['approvals.pending', 'proxy.approvals', 'proxy.approval', 'history.records'],
  grants_changed: ['approvals.grants', 'proxy.grants'],
  policy_reloaded: ['policies', 'proxy.status', 'proxies', 'history.records'],
  config_reloaded: ['configs', 'proxy.config', 'proxy.status', 'proxies', 'history.records'],
  incident: ['history.incidents', 'history.records', 'proxies'],
  manager_started: ['manager', 'proxies'],
  manager_stopping: [],
  history_state: ['history'],
  sessions_changed: ['access.sessions'],
  resync: ['proxies', 'proxy', 'approvals', 'history', 'policies', 'configs', 'manager', 'access'],
} as const satisfies Record<LiveEventType, readonly string[]>;

/** What people wait for is asked for at once; the rest as often as a person can read it. Milliseconds. */
export const refreshAfterMs = (path: string): number =>
  path.startsWith('approvals') || path.startsWith('proxy.approval')
    ? 30
    : path.startsWith('history')
      ? 1_000
      : 400;
