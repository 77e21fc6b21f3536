import { type MessageBytes, sizeOf } from '@mcp-acp/mcp/message';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';

/** An error without an id answers nothing in particular. It passes like a notification, but a flood of them does not. */
export function passStrayError(context: EnforcementContext, from: Sender, message: MessageBytes): void {
  if (!context.nonsense.admit()) return;
  const seq = appendRecord(context.journal, {
    type: 'decision',
    from,
    class: 'response',
    subject: context.subjects.current().id,
    disposition: 'observed',
    size: sizeOf(message),
  });
  if (seq === undefined) return;
  context.sides[otherSide(from)].outbox.send({ line: message.line, needs: seq, durable: false });
}
