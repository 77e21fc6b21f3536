import { notificationStanding } from '@mcp-acp/mcp/classify-method';
import { memberValue, type NotificationMessage, sizeOf } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';
import { judgedFields, judgeRequest } from '../judge-request.ts';

/**
 * A message without an id that is not a notification: a careless backend could run it. A request whose id is missing
 * goes no further; a method no revision knows passes where the policy allows it outright. Neither can be answered.
 */
export function judgeNotification(
  context: EnforcementContext,
  from: Sender,
  message: NotificationMessage,
): void {
  const { method } = message;
  const subject = context.subjects.current().id;
  const common = { type: 'decision', from, class: 'access', method, subject, size: sizeOf(message) } as const;
  if (notificationStanding(method) === 'request') {
    appendRecord(context.journal, { ...common, disposition: 'malformed', reason: 'invalid_envelope' });
    return;
  }
  const verdict = judgeRequest(context, { from, method, params: memberValue(message, slot.params) });
  const passes = verdict.effect === 'allow';
  const seq = appendRecord(context.journal, { ...common, ...judgedFields(context, verdict) }, passes);
  if (!passes || seq === undefined) return;
  context.sides[otherSide(from)].outbox.send({ line: message.line, needs: seq, durable: true });
}
