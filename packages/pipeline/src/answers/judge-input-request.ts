import type { AccessRequest } from '@mcp-acp/policy/access-request';
import { extractFacts } from '@mcp-acp/policy/facts';
import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { judgeAll } from '../verdict.ts';

/** Decides and records one member of `inputRequests`. Only an outright allow passes: a held result cannot be taken apart. */
export function judgeInputRequest(
  context: EnforcementContext,
  exchange: Exchange,
  member: JsonValue,
): boolean {
  const request = asAccessRequest(context, member);
  const subject = context.subjects.current();
  const common = {
    type: 'decision',
    from: 'server',
    class: 'access',
    subject: subject.id,
    requestId: exchange.requestId,
    continues: exchange.decision,
    size: 0,
  } as const;
  if (request === undefined) {
    appendRecord(context.journal, { ...common, disposition: 'malformed', reason: 'invalid_envelope' });
    return false;
  }
  const facts = extractFacts(request, context.paths);
  const verdict = judgeAll(context.guards, { from: 'server', request, facts });
  const isAllowed = verdict.effect === 'allow';
  appendRecord(context.journal, {
    ...common,
    method: request.method.slice(0, limits.quotedText),
    effect: verdict.decision?.effect ?? verdict.effect,
    ...(verdict.decision === undefined ? {} : { matched: verdict.decision.matched }),
    ...(verdict.decision?.decidedBy === undefined ? {} : { decidedBy: verdict.decision.decidedBy }),
    policyVersion: context.policies.current().version,
    disposition: isAllowed ? 'forwarded' : verdict.effect === 'ask' ? 'unanswered' : 'denied',
    ...(isAllowed
      ? {}
      : { reason: verdict.reason ?? (verdict.effect === 'ask' ? 'nobody_could_be_asked' : 'policy_denied') }),
  });
  return isAllowed;
}

function asAccessRequest(context: EnforcementContext, member: JsonValue): AccessRequest | undefined {
  if (!isJsonObject(member) || typeof member.method !== 'string') return undefined;
  const { client } = context.session.state();
  const { _meta, ...params } = isJsonObject(member.params) ? member.params : {};
  return {
    method: member.method,
    from: 'server',
    arguments: params,
    backendId: context.backend.id,
    backendKind: context.backend.kind,
    subjectId: context.subjects.current().id,
    ...(client === undefined ? {} : { client: client.name }),
  };
}
