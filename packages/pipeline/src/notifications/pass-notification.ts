import { notificationStanding } from '@mcp-acp/mcp/classify-method';
import { has, memberValue, type NotificationMessage, type RequestId, sizeOf } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import { judgeInputRequests } from '../answers/judge-input-request.ts';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';
import { recordEnd } from '../stages/record-outcome.ts';
import { judgeNotification } from './judge-notification.ts';

/** Notifications are observed and passed on. A cancellation also ends the exchange it names. */
export function passNotification(
  context: EnforcementContext,
  from: Sender,
  message: NotificationMessage,
): void {
  if (message.method === 'notifications/progress') return passProgress(context, from, message);
  if (notificationStanding(message.method) !== 'notification')
    return judgeNotification(context, from, message);
  // A task that wants input says so in a notification too (2026-07-28, extension tasks).
  if (from === 'server' && has(message, slot.paramInputRequests) && !asksWhatIsAllowed(context, message)) {
    return withholdNotification(context, message);
  }
  const isCancellation = message.method === 'notifications/cancelled';
  const target = isCancellation ? idOf(memberValue(message, slot.requestId)) : undefined;
  const seq = recordNotification(context, { from, message, target });
  if (target !== undefined && cancelUnsent(context, from, target)) return;
  const { outbox } = context.sides[otherSide(from)];
  // With a failed journal nothing goes on unrecorded, but whoever wants a call to stop is heard.
  const again = (): void => outbox.send({ line: message.line, needs: 0, durable: false });
  if (seq === undefined) {
    if (isCancellation) again();
    return;
  }
  outbox.send({ line: message.line, needs: seq, durable: false, ...(isCancellation ? { lost: again } : {}) });
}

const asksWhatIsAllowed = (context: EnforcementContext, message: NotificationMessage): boolean =>
  judgeInputRequests(context, undefined, memberValue(message, slot.paramInputRequests));

function withholdNotification(context: EnforcementContext, message: NotificationMessage): void {
  appendRecord(context.journal, {
    type: 'decision',
    from: 'server',
    class: 'notification',
    method: message.method,
    subject: context.subjects.current().id,
    disposition: 'denied',
    reason: 'input_request_denied',
    size: sizeOf(message),
  });
}

/** Progress of a call that waits is a sign of its life. */
function passProgress(context: EnforcementContext, from: Sender, message: NotificationMessage): void {
  const token = idOf(memberValue(message, slot.progressToken));
  const exchange =
    token === undefined ? undefined : context.sides[otherSide(from)].inFlight.byProgressToken(token);
  if (exchange !== undefined) {
    exchange.progress++;
    exchange.lastSignMs = context.clock.monotonicMs();
  }
  // Counted in the outcome of its call; progress of anything else (a task that goes on, say) has a record of its own.
  const seq = exchange === undefined ? recordNotification(context, { from, message, target: undefined }) : 0;
  if (seq === undefined) return;
  context.sides[otherSide(from)].outbox.send({ line: message.line, needs: seq, durable: false });
}

/**
 * Cancels a request of the sender. True where the request had not left yet: then it never will, and the other side,
 * which knows nothing of it, is not told.
 */
function cancelUnsent(context: EnforcementContext, from: Sender, id: RequestId): boolean {
  const { held, inFlight } = context.sides[from];
  if (held.cancel(id)) return true;
  const exchange = inFlight.get(id);
  if (exchange === undefined) return false;
  exchange.cancelled = true;
  exchange.lastSignMs = context.clock.monotonicMs();
  if (exchange.forwardedMs !== undefined || exchange.inBatch) return false;
  inFlight.take(id);
  recordEnd(context, exchange, { status: 'cancelled' });
  return true;
}

interface Observed {
  readonly from: Sender;
  readonly message: NotificationMessage;
  readonly target: RequestId | undefined;
}

export function recordNotification(
  context: EnforcementContext,
  { from, message, target }: Observed,
): number | undefined {
  return appendRecord(context.journal, {
    type: 'decision',
    from,
    class: 'notification',
    ...(target === undefined ? {} : { requestId: JSON.stringify(target) }),
    method: message.method,
    subject: context.subjects.current().id,
    disposition: 'observed',
    size: sizeOf(message),
  });
}

function idOf(value: unknown): RequestId | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === 'string' && value.length <= limits.requestIdLength ? value : undefined;
}
