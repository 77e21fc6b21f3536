import { refusedAnswer, sendAnswer } from '../answers/answer-refused.ts';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext } from '../context.ts';
import { decisionRecord } from './decision-record.ts';
import type { Refused } from './stage-results.ts';

/** Records a refusal and answers it. */
export function refuse(context: EnforcementContext, refused: Refused): 'refused' {
  const { classified } = refused.decided;
  const { message, from } = classified.identified.received;
  const seq = appendRecord(context.journal, decisionRecord(context, refused));
  // Whoever cancelled a request waits for no answer to it (MCP utilities, "Cancellation").
  if (refused.disposition === 'cancelled') return 'refused';
  const tool = classified.access?.request.toolName;
  const request = { id: message.id, from, method: message.method, tool };
  const line = refusedAnswer(context, request, {
    code: refused.reason,
    detail: refused.detail,
  });
  sendAnswer(context, from, { line, needs: seq ?? 0 });
  return 'refused';
}
