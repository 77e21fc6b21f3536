import { notificationStanding } from '@mcp-acp/mcp/classify-method';
import { memberValue, type NotificationMessage, sizeOf } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { extractFacts } from '@mcp-acp/policy/facts';
import type { DecisionBody, Sender } from '@mcp-acp/shared/journal-record';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';
import { paramsWithoutMeta } from '../stages/classify.ts';
import { judgeAll, type Verdict } from '../verdict.ts';

/**
 * A message without an id that is not a notification: a careless backend could run it. A request whose id is missing
 * goes no further; a method no revision knows passes where the policy allows it outright. Neither can be answered.
 */
export function judgeNotification(
  context: EnforcementContext,
  from: Sender,
  message: NotificationMessage,
): void {
  const common = {
    type: 'decision',
    from,
    class: 'access',
    method: message.method,
    subject: context.subjects.current().id,
    size: sizeOf(message),
  } as const;
  if (notificationStanding(message.method) === 'request') {
    appendRecord(context.journal, { ...common, disposition: 'malformed', reason: 'invalid_envelope' });
    return;
  }
  const verdict = judge(context, from, message);
  const judged: DecisionBody = {
    ...common,
    effect: verdict.effect,
    matched: verdict.decision?.matched ?? [],
    policyVersion: context.policies.current().version,
    disposition: verdict.effect === 'allow' ? 'forwarded' : 'denied',
    ...(verdict.effect === 'allow' ? {} : { reason: verdict.reason ?? 'policy_denied' }),
  };
  const seq = appendRecord(context.journal, judged, verdict.effect === 'allow');
  if (verdict.effect !== 'allow' || seq === undefined) return;
  context.sides[otherSide(from)].outbox.send({ line: message.line, needs: seq, durable: true });
}

function judge(context: EnforcementContext, from: Sender, message: NotificationMessage): Verdict {
  try {
    const request = {
      method: message.method,
      from,
      arguments: paramsWithoutMeta(memberValue(message, slot.params)),
      backendId: context.backend.id,
      backendKind: context.backend.kind,
      subjectId: context.subjects.current().id,
    };
    return judgeAll(context.guards, { from, request, facts: extractFacts(request, context.paths) });
  } catch {
    return { effect: 'deny', reason: 'guard_failed', decision: undefined };
  }
}
