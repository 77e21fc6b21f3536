import { type MessageBytes, sizeOf } from '@mcp-acp/mcp/message';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { judgeRequiredElicitations } from '../answers/judge-input-request.ts';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';

/**
 * An error without an id answers nothing in particular. It passes like a notification, but a flood of them does not, nor
 * one of the backend's that demands of the client what the policy refuses.
 */
export function passStrayError(context: EnforcementContext, from: Sender, message: MessageBytes): void {
  if (!context.nonsense.admit()) return;
  const passes = from === 'client' || judgeRequiredElicitations(context, undefined, message);
  const seq = appendRecord(context.journal, {
    type: 'decision',
    from,
    class: 'response',
    subject: context.subjects.current().id,
    ...(passes ? { disposition: 'observed' } : { disposition: 'denied', reason: 'input_request_denied' }),
    size: sizeOf(message),
  });
  if (!passes || seq === undefined) return;
  context.sides[otherSide(from)].outbox.send({ line: message.line, needs: seq, durable: false });
}
