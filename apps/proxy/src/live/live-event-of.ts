import type { RecordBody } from '@mcp-acp/shared/journal-record';
import type { EventOrigin, LiveEvent } from '@mcp-acp/shared/live/live-event';

/** What an event is made of once somebody reads it: a record with its place, or an event of no record (`seq` 0). */
export interface KeptEvent {
  readonly seq: number;
  /** Since the Unix epoch. */
  readonly timeMs: number;
  readonly body: RecordBody | LiveEvent;
}

/** Words of a peer in an event, in UTF-16 units; names of settings are our own and few. */
const mostText = 1024;
const mostSettings = 64;

export const bounded = (text: string): string => (text.length > mostText ? text.slice(0, mostText) : text);

/** The event a kept one stands for. */
export function liveEventOf({ seq, timeMs, body }: KeptEvent, proxy: EventOrigin): LiveEvent | undefined {
  // Events that no record says are made where they happen.
  if (seq === 0) return body as LiveEvent;
  const time = new Date(timeMs).toISOString();
  return ofRecord(body as RecordBody, seq, { time, proxy });
}

interface Common {
  readonly time: string;
  readonly proxy: EventOrigin;
}

function ofRecord(body: RecordBody, seq: number, common: Common): LiveEvent | undefined {
  switch (body.type) {
    case 'decision': {
      const { from, method, tool, effect, disposition, reason } = body;
      return {
        type: 'call_decided',
        ...common,
        seq,
        from,
        ...(method === undefined ? {} : { method: bounded(method) }),
        ...(tool === undefined ? {} : { tool: bounded(tool) }),
        ...(effect === undefined ? {} : { effect }),
        disposition,
        ...(reason === undefined ? {} : { reason }),
      };
    }
    case 'outcome': {
      const { decision, tool, status, durationMs } = body;
      const ofTool = tool === undefined ? {} : { tool: bounded(tool) };
      return { type: 'call_finished', ...common, seq, decision, ...ofTool, status, durationMs };
    }
    case 'session':
      return ofSession(body, common);
    case 'policy':
    case 'config': {
      const { event: outcome, version, problem, changed } = body;
      const more = {
        ...common,
        outcome,
        version,
        ...(problem === undefined ? {} : { problem: bounded(problem) }),
      };
      if (body.type === 'policy') return { type: 'policy_reloaded', ...more };
      const names = changed === undefined ? {} : { changed: changed.slice(0, mostSettings) };
      return { type: 'config_reloaded', ...more, ...names };
    }
    case 'incident':
      return { type: 'incident', ...common, code: body.code, detail: bounded(body.detail) };
    case 'tool':
    case 'recovered':
      return undefined;
  }
}

function ofSession(
  { event, client, clientVersion, state, error }: Extract<RecordBody, { type: 'session' }>,
  common: Common,
): LiveEvent | undefined {
  if (event === 'identified' && client !== undefined) {
    const version = clientVersion === undefined ? {} : { clientVersion: bounded(clientVersion) };
    return { type: 'client_identified', ...common, client: bounded(client), ...version };
  }
  if (event !== 'backend' || state === undefined) return undefined;
  return {
    type: 'backend_state',
    ...common,
    state,
    ...(error === undefined ? {} : { error: bounded(error) }),
  };
}
