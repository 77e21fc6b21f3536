import type { AccessRequest } from '@mcp-acp/policy/access-request';
import { extractFacts } from '@mcp-acp/policy/facts';
import type { DecisionBody, Sender } from '@mcp-acp/shared/journal-record';
import { isJsonObject } from '@mcp-acp/shared/json';
import type { EnforcementContext } from './context.ts';
import { paramsWithoutMeta } from './stages/classify.ts';
import { judgeAll, type Verdict } from './verdict.ts';

/** A request that comes without an exchange of its own: a message without an id, or a question inside a result. */
export interface LooseRequest {
  readonly from: Sender;
  readonly method: string;
  readonly params: unknown;
}

/** Asks every guard about it. Whatever goes wrong on the way is a denial. */
export function judgeRequest(context: EnforcementContext, loose: LooseRequest): Verdict {
  const { from, method, params } = loose;
  try {
    const { client } = context.session.state();
    const uri = isJsonObject(params) ? params.uri : undefined;
    const request: AccessRequest = {
      method,
      from,
      arguments: paramsWithoutMeta(params),
      backendId: context.backend.id,
      backendKind: context.backend.kind,
      subjectId: context.subjects.current().id,
      ...(client === undefined ? {} : { client: client.name }),
      ...(typeof uri === 'string' ? { uri } : {}),
    };
    return judgeAll(context.guards, { from, request, facts: extractFacts(request, context.paths) });
  } catch {
    return { effect: 'deny', reason: 'guard_failed', decision: undefined };
  }
}

type Judged = Pick<
  DecisionBody,
  'effect' | 'matched' | 'decidedBy' | 'policyVersion' | 'disposition' | 'reason'
>;

/** What its record says of the verdict. Only an outright allow passes: there is nothing that could wait for a person. */
export function judgedFields(context: EnforcementContext, { effect, reason, decision }: Verdict): Judged {
  const said = {
    effect: decision?.effect ?? effect,
    matched: decision?.matched ?? [],
    ...(decision?.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
    policyVersion: context.policies.current().version,
  };
  if (effect === 'allow') return { ...said, disposition: 'forwarded' };
  if (effect === 'ask') {
    return { ...said, disposition: 'unanswered', reason: reason ?? 'nobody_could_be_asked' };
  }
  return { ...said, disposition: 'denied', reason: reason ?? 'policy_denied' };
}
