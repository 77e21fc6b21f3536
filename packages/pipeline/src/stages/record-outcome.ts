import { hash } from 'node:crypto';
import { has, memberString, memberValue, type ResponseMessage, sizeOf } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { OutcomeBody, OutcomeStatus } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { toMicroseconds } from './decision-record.ts';

/** How an exchange ended that was not answered by the other side. */
export interface End {
  readonly status: OutcomeStatus;
  readonly reason?: ErrorCode;
}

/** Records an end without an answer. Returns the record's seq, or undefined where the journal takes none. */
export const recordEnd = (context: EnforcementContext, exchange: Exchange, end: End): number | undefined =>
  appendRecord(context.journal, outcomeDraft(context, exchange, end));

/** Records the answer of the other side before it leaves. `end` overrides how it counts (a withheld result). */
export function recordAnswer(
  context: EnforcementContext,
  exchange: Exchange,
  answered: { readonly answer: ResponseMessage; readonly end?: End },
): number | undefined {
  const { answer, end } = answered;
  const draft = outcomeDraft(context, exchange, end ?? { status: statusOf(answer) });
  draft.size = sizeOf(answer);
  draft.digest = hash('sha256', answer.line.subarray(answer.start, answer.end), 'hex');
  return appendRecord(context.journal, draft);
}

/** Filled member by member, as every call has one. */
type Draft = { -readonly [Key in keyof OutcomeBody]: OutcomeBody[Key] };

function outcomeDraft(context: EnforcementContext, exchange: Exchange, { status, reason }: End): Draft {
  const nowMs = context.clock.monotonicMs();
  const { forwardedMs, tool } = exchange;
  const draft: Draft = {
    type: 'outcome',
    decision: exchange.decision,
    status,
    requestId: exchange.requestId,
    method: exchange.method,
    durationMs: toMicroseconds(nowMs - exchange.receivedMs),
  };
  if (tool !== undefined)
    draft.tool = tool.length > limits.quotedText ? tool.slice(0, limits.quotedText) : tool;
  if (reason !== undefined) draft.reason = reason;
  if (exchange.cancelled) draft.cancelled = true;
  if (exchange.progress > 0) draft.progress = exchange.progress;
  if (forwardedMs !== undefined) draft.backendMs = toMicroseconds(nowMs - forwardedMs);
  return draft;
}

function statusOf(answer: ResponseMessage): OutcomeStatus {
  if (answer.failed) return 'error';
  if (has(answer, slot.isError) && memberValue(answer, slot.isError) === true) return 'tool_error';
  return memberString(answer, slot.resultType) === 'input_required' ? 'input_required' : 'ok';
}
