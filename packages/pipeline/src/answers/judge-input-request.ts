import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { judgedFields, judgeRequest } from '../judge-request.ts';

/** Decides and records one member of `inputRequests`. Only an outright allow passes: a held result cannot be taken apart. */
export function judgeInputRequest(
  context: EnforcementContext,
  exchange: Exchange,
  member: JsonValue,
): boolean {
  const common = {
    type: 'decision',
    from: 'server',
    class: 'access',
    subject: context.subjects.current().id,
    requestId: exchange.requestId,
    continues: exchange.decision,
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
