import { type MessageBytes, memberValue } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { judgedFields, judgeRequest } from '../judge-request.ts';

/**
 * Judges what a message of the backend asks of the client inside itself: the members of `inputRequests` (2026-07-28,
 * SEP-2322), each as the request it stands for. All are decided and recorded; true where every one is allowed.
 * `exchange` is the call the message belongs to, if any.
 */
export function judgeInputRequests(
  context: EnforcementContext,
  exchange: Exchange | undefined,
  requests: JsonValue | undefined,
): boolean {
  if (!isJsonObject(requests)) return false;
  return !Object.values(requests)
    .map((member) => judgeInputRequest(context, exchange, member))
    .includes(false);
}

/** Code of an error that tells the client to send its user to addresses first (2025-11-25, "URL Mode Elicitation"). */
const urlElicitationRequired = -32042;

/** The same for an error that demands elicitations (2025-11-25); true for every other error. */
export function judgeRequiredElicitations(
  context: EnforcementContext,
  exchange: Exchange | undefined,
  message: MessageBytes,
): boolean {
  const error = memberValue(message, slot.error);
  if (!isJsonObject(error) || error.code !== urlElicitationRequired) return true;
  const asked = isJsonObject(error.data) ? error.data.elicitations : undefined;
  if (!Array.isArray(asked)) return asked === undefined;
  return !asked
    .map((params) => judgeInputRequest(context, exchange, { method: 'elicitation/create', params }))
    .includes(false);
}

/** Decides and records one. Only an outright allow passes: a message that is held cannot be taken apart. */
function judgeInputRequest(
  context: EnforcementContext,
  exchange: Exchange | undefined,
  member: JsonValue,
): boolean {
  const common = {
    type: 'decision',
    from: 'server',
    class: 'access',
    subject: context.subjects.current().id,
    ...(exchange === undefined ? {} : { requestId: exchange.requestId, continues: exchange.decision }),
    size: 0,
  } as const;
  if (!isJsonObject(member) || typeof member.method !== 'string') {
    appendRecord(context.journal, { ...common, disposition: 'malformed', reason: 'invalid_envelope' });
    return false;
  }
  const { method, params } = member;
  const verdict = judgeRequest(context, { from: 'server', method, params });
  appendRecord(context.journal, {
    ...common,
    method: method.slice(0, limits.quotedText),
    ...judgedFields(context, verdict),
  });
  return verdict.effect === 'allow';
}
