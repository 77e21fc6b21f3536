import type { RefusedInput, RequestId } from '@mcp-acp/mcp/message';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { sendAnswer } from '../answers/answer-refused.ts';
import { endExchange } from '../answers/deliver-answer.ts';
import { errorAnswer } from '../answers/refusal.ts';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';

/**
 * Input that failed the strict check. A broken answer becomes an error for the request it belongs to. The client
 * gets an error for anything else at once; so does the backend for a request, and its other nonsense goes no further.
 */
export function refuseInput(context: EnforcementContext, from: Sender, input: RefusedInput): void {
  if (!input.hasMethod && input.id !== undefined) {
    const { inFlight } = context.sides[otherSide(from)];
    const exchange = inFlight.get(input.id);
    if (exchange?.forwardedMs !== undefined) {
      inFlight.take(exchange.id);
      endExchange(context, exchange, {
        status: 'unreadable',
        reason: 'backend_unreadable',
        detail: input.detail,
      });
      return;
    }
  }
  const seq = context.nonsense.admit() ? recordRefusedInput(context, from, input) : undefined;
  if (from === 'server' && (input.id === undefined || !input.hasMethod)) return;
  const line = errorAnswer(answerableId(context, from, input.id), {
    code: input.code,
    method: undefined,
    tool: undefined,
    detail: input.detail,
  });
  sendAnswer(context, from, { line, needs: seq ?? 0 });
}

/** An error with the id of a request that still runs would end that request in its sender: then it is null. */
export function answerableId(
  context: EnforcementContext,
  from: Sender,
  id: RequestId | undefined,
): RequestId | null {
  if (id === undefined) return null;
  const { inFlight, held } = context.sides[from];
  return inFlight.has(id) || held.has(id) ? null : id;
}

function recordRefusedInput(
  context: EnforcementContext,
  from: Sender,
  input: RefusedInput,
): number | undefined {
  return appendRecord(context.journal, {
    type: 'decision',
    from,
    class: 'unreadable',
    ...(input.id === undefined ? {} : { requestId: JSON.stringify(input.id) }),
    subject: context.subjects.current().id,
    disposition: 'malformed',
    reason: input.code,
    size: input.size,
  });
}
