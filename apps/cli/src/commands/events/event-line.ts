import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { visible } from '@mcp-acp/shared/visible';
import type { Style } from '../../output/style.ts';

/** An event as one line. Words of clients and backends are foreign, wherever they stand. */
export function eventLine(event: LiveEvent, style: Style): string {
  const time = visible(event.time, 32).replace('T', ' ').replace(/Z$/, '');
  return `${style.dim(time)}  ${whose(event).padEnd(16)}  ${saying(event, style)}`;
}

function whose(event: LiveEvent): string {
  const proxy = 'proxy' in event ? event.proxy : undefined;
  if (proxy === undefined) return 'manager';
  const instance = proxy.instance === undefined ? '' : `/${proxy.instance.replace('inst_', '').slice(0, 6)}`;
  return visible(`${proxy.name}${instance}`, 80);
}

const words = (...parts: readonly (string | undefined)[]): string =>
  parts.flatMap((part) => (part === undefined || part === '' ? [] : [visible(part, 200)])).join(' ');

function saying(event: LiveEvent, style: Style): string {
  switch (event.type) {
    case 'proxy_registered':
      return style.green(`registered, pid ${event.pid}`);
    case 'proxy_disconnected':
      return style.yellow(`disconnected (${event.reason})`);
    case 'client_identified':
      return words('client', event.client, event.clientVersion);
    case 'backend_state': {
      const text = words('backend', event.state, event.error);
      return event.state === 'failed' ? style.red(text) : text;
    }
    case 'tools_changed':
      return `${event.tools} tools`;
    case 'statistics': {
      const { requests, denied } = event.statistics;
      return style.dim(`${requests} requests, ${denied} denied, ${event.pending} pending`);
    }
    case 'call_decided': {
      const passed = event.disposition === 'forwarded' || event.disposition === 'observed';
      const text = words(event.disposition, event.method, event.tool);
      const why = event.reason === undefined ? '' : ` (${event.reason})`;
      return `${passed ? style.green(text) : style.red(text)}${why}  :${event.seq}`;
    }
    case 'call_finished':
      return `${words('finished', event.tool, event.status)} ${event.durationMs.toFixed(1)} ms  :${event.decision}`;
    case 'approval_asked':
      return style.yellow(words('asks you', event.method, event.tool, event.approval));
    case 'approval_open':
      return words('told to try again, still open', event.approval);
    case 'approval_ended': {
      const by = event.channel === undefined ? '' : ` (${event.channel})`;
      return `${words(event.end.replaceAll('_', ' '), event.approval)}${by}`;
    }
    case 'grants_changed':
      return 'grants changed';
    case 'policy_reloaded':
    case 'config_reloaded': {
      const text = words(
        event.type === 'policy_reloaded' ? 'policy' : 'settings',
        event.outcome,
        event.problem,
      );
      return event.outcome === 'rejected' || event.outcome === 'held' ? style.yellow(text) : text;
    }
    case 'incident':
      return style.red(`incident ${event.code}: ${visible(event.detail, 500)}`);
    case 'manager_started':
      return `started, pid ${event.pid}`;
    case 'manager_stopping':
      return words('stopping', `(${event.reason})`);
    case 'history_state':
      return words('history', event.state.replace('_', ' '));
    case 'sessions_changed':
      return 'sessions changed';
    case 'resync':
      return style.yellow('some events are missing here: they came faster than they were read');
  }
}
