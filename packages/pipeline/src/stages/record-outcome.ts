import { hash } from 'node:crypto';
import { has, memberString, memberValue, type ResponseMessage, sizeOf } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { OutcomeBody, OutcomeStatus } from '@mcp-acp/shared/journal-record';
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
  appendRecord(context.journal, { ...outcomeOf(context, exchange, end.status), ...end });

/** Records the answer of the other side before it leaves. `end` overrides how it counts (a withheld result). */
export function recordAnswer(
  context: EnforcementContext,
  exchange: Exchange,
  answered: { readonly answer: ResponseMessage; readonly end?: End },
): number | undefined {
  const { answer, end } = answered;
  const body: OutcomeBody = {
    ...outcomeOf(context, exchange, end?.status ?? statusOf(answer)),
    ...end,
    size: sizeOf(answer),
    digest: hash('sha256', answer.line.subarray(answer.start, answer.end), 'hex'),
  };
  return appendRecord(context.journal, body);
}

function outcomeOf(context: EnforcementContext, exchange: Exchange, status: OutcomeStatus): OutcomeBody {
  const nowMs = context.clock.monotonicMs();
  const { forwardedMs, tool } = exchange;
  return {
    type: 'outcome',
    decision: exchange.decision,
    status,
    requestId: exchange.requestId,
    method: exchange.method,
    ...(tool === undefined ? {} : { tool: tool.slice(0, 256) }),
    ...(exchange.cancelled ? { cancelled: true } : {}),
    ...(exchange.progress === 0 ? {} : { progress: exchange.progress }),
    durationMs: toMicroseconds(nowMs - exchange.receivedMs),
    ...(forwardedMs === undefined ? {} : { backendMs: toMicroseconds(nowMs - forwardedMs) }),
  };
}

function statusOf(answer: ResponseMessage): OutcomeStatus {
  if (answer.failed) return 'error';
  if (has(answer, slot.isError) && memberValue(answer, slot.isError) === true) return 'tool_error';
  return memberString(answer, slot.resultType) === 'input_required' ? 'input_required' : 'ok';
}
