import type { ResponseMessage } from '@mcp-acp/mcp/message';
import { sizeOf } from '@mcp-acp/mcp/message';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { recordAnswer, recordEnd } from '../stages/record-outcome.ts';
import { refusedAnswer, sendAnswer } from './answer-refused.ts';

/** Takes the exchange an answer belongs to, or undefined where no request that was sent waits for it. */
export function takeAnswered(
  context: EnforcementContext,
  from: Sender,
  answer: ResponseMessage,
): Exchange | undefined {
  const { inFlight } = context.sides[otherSide(from)];
  // A peer cannot answer what it has not been sent; doing so must not end the request.
  return inFlight.get(answer.id)?.forwardedMs === undefined ? undefined : inFlight.take(answer.id);
}

/** Inspects, records and delivers the answer to one request. */
export function deliverAnswer(context: EnforcementContext, from: Sender, answer: ResponseMessage): void {
  const exchange = takeAnswered(context, from, answer);
  if (exchange === undefined) return recordStray(context, from, answer);
  if (!passesFilters(context, exchange, answer)) return withhold(context, exchange, answer);
  deliverInspected(context, exchange, answer);
}

/** Records an answer that passed the filters, and delivers it as the bytes that came. */
export function deliverInspected(
  context: EnforcementContext,
  exchange: Exchange,
  answer: ResponseMessage,
): void {
  const seq = recordAnswer(context, exchange, { answer });
  if (seq === undefined) return unrecorded(context, exchange);
  context.sides[exchange.from].outbox.send({
    line: answer.line,
    needs: seq,
    durable: false,
    lost: () => unrecorded(context, exchange),
  });
}

/** Whether a result may be delivered. A filter that throws withholds it. */
export function passesFilters(
  context: EnforcementContext,
  exchange: Exchange,
  answer: ResponseMessage,
): boolean {
  try {
    return context.filters.every((filter) => filter(context, exchange, answer));
  } catch {
    return false;
  }
}

export function withhold(context: EnforcementContext, exchange: Exchange, answer: ResponseMessage): void {
  const end = { status: 'withheld', reason: 'input_request_denied' } as const;
  const seq = recordAnswer(context, exchange, { answer, end });
  const line = refusedAnswer(context, exchange, { code: 'input_request_denied' });
  sendAnswer(context, exchange.from, { line, needs: seq ?? 0 });
}

/** The call ran, but its outcome cannot be in the journal before its answer leaves: the answer does not leave. */
export function unrecorded(context: EnforcementContext, exchange: Exchange): void {
  const line = refusedAnswer(context, exchange, { code: 'outcome_unrecorded' });
  sendAnswer(context, exchange.from, { line, needs: 0 });
}

/** Ends an exchange that gets no answer from the other side: records why and tells whoever waits. */
export function endExchange(
  context: EnforcementContext,
  exchange: Exchange,
  end: {
    readonly status: Parameters<typeof recordEnd>[2]['status'];
    readonly reason: ErrorCode;
    readonly detail?: string | undefined;
  },
): void {
  const { status, reason, detail } = end;
  if (exchange.cancelled) {
    recordEnd(context, exchange, { status: 'cancelled' });
    return;
  }
  const seq = recordEnd(context, exchange, { status, reason });
  const line = refusedAnswer(context, exchange, {
    code: reason,
    detail,
  });
  sendAnswer(context, exchange.from, { line, needs: seq ?? 0 });
}

/** An answer nobody waits for goes no further: its request was answered already, or never asked. */
export function recordStray(context: EnforcementContext, from: Sender, answer: ResponseMessage): void {
  if (!context.nonsense.admit()) return;
  appendRecord(context.journal, {
    type: 'decision',
    from,
    class: 'response',
    requestId: JSON.stringify(answer.id),
    subject: context.subjects.current().id,
    disposition: 'malformed',
    reason: 'unexpected_answer',
    size: sizeOf(answer),
  });
}
