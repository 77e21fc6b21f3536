import type { ApprovalBody, DecisionBody, OutcomeBody, RecordBody } from '@mcp-acp/shared/journal-record';
import type { ApprovalChannel } from '@mcp-acp/shared/live/approval';
import type { EventOrigin, LiveEvent } from '@mcp-acp/shared/live/live-event';

/**
 * What an event is made of once somebody reads it: of the record of a call only what its event says, since all else
 * would be kept alive for nobody; other records, and events that no record says, as they are.
 */
export type KeptEvent =
  | KeptDecision
  | KeptOutcome
  | { readonly kind: 'record'; readonly timeMs: number; readonly body: RecordBody }
  | { readonly kind: 'event'; readonly event: LiveEvent };

interface KeptDecision {
  readonly kind: 'decided';
  readonly seq: number;
  /** Since the Unix epoch. */
  readonly timeMs: number;
  readonly from: DecisionBody['from'];
  readonly method: string | undefined;
  readonly tool: string | undefined;
  readonly effect: DecisionBody['effect'] | undefined;
  readonly disposition: DecisionBody['disposition'];
  readonly reason: DecisionBody['reason'] | undefined;
}

interface KeptOutcome {
  readonly kind: 'finished';
  readonly seq: number;
  readonly timeMs: number;
  readonly decision: number;
  readonly tool: string | undefined;
  readonly status: OutcomeBody['status'];
  readonly durationMs: number;
}

export function keptEvent(seq: number, timeMs: number, body: RecordBody): KeptEvent {
  if (body.type === 'decision') {
    const { from, method, tool, effect, disposition, reason } = body;
    return { kind: 'decided', seq, timeMs, from, method, tool, effect, disposition, reason };
  }
  if (body.type === 'outcome') {
    const { decision, tool, status, durationMs } = body;
    return { kind: 'finished', seq, timeMs, decision, tool, status, durationMs };
  }
  return { kind: 'record', timeMs, body };
}

/** Words of a peer in an event, in UTF-16 units; names of settings are our own and few. */
const mostText = 1024;
const mostSettings = 64;

export const bounded = (text: string): string => (text.length > mostText ? text.slice(0, mostText) : text);

/** The event a kept one stands for. */
export function liveEventOf(kept: KeptEvent, proxy: EventOrigin): LiveEvent | undefined {
  if (kept.kind === 'event') return kept.event;
  const common = { time: new Date(kept.timeMs).toISOString(), proxy };
  switch (kept.kind) {
    case 'decided': {
      const { seq, from, method, tool, effect, disposition, reason } = kept;
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
    case 'finished': {
      const { seq, decision, tool, status, durationMs } = kept;
      const ofTool = tool === undefined ? {} : { tool: bounded(tool) };
      return { type: 'call_finished', ...common, seq, decision, ...ofTool, status, durationMs };
    }
    case 'record':
      return ofRecord(kept.body, common);
  }
}

interface Common {
  readonly time: string;
  readonly proxy: EventOrigin;
}

function ofRecord(body: RecordBody, common: Common): LiveEvent | undefined {
  switch (body.type) {
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
    case 'approval':
      return ofApproval(body, common);
    case 'incident':
      return { type: 'incident', ...common, code: body.code, detail: bounded(body.detail) };
    default:
      return undefined;
  }
}

function ofSession(
  { event, client, clientVersion }: Extract<RecordBody, { type: 'session' }>,
  common: Common,
): LiveEvent | undefined {
  if (event !== 'identified' || client === undefined) return undefined;
  const version = clientVersion === undefined ? {} : { clientVersion: bounded(clientVersion) };
  return { type: 'client_identified', ...common, client: bounded(client), ...version };
}

function ofApproval(body: ApprovalBody, common: Common): LiveEvent | undefined {
  const { event, approval, method = '', tool, channel, attempts = 1 } = body;
  if (event === 'grant_made' || event === 'grant_ended') return { type: 'grants_changed', ...common };
  if (approval === undefined) return undefined;
  const ofTool = tool === undefined ? {} : { tool: bounded(tool) };
  if (event === 'asked')
    return { type: 'approval_asked', ...common, approval, ...ofTool, method: bounded(method), attempts };
  if (event === 'open') return { type: 'approval_open', ...common, approval };
  const by = channel === undefined ? {} : { channel: channel as ApprovalChannel };
  return { type: 'approval_ended', ...common, approval, end: event, ...by };
}
