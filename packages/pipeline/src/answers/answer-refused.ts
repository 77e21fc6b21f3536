import type { RequestId } from '@mcp-acp/mcp/message';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Sender } from '@mcp-acp/shared/journal-record';
import type { EnforcementContext } from '../context.ts';
import { errorAnswer, toolRefusal } from './refusal.ts';

export interface RefusedRequest {
  readonly id: RequestId;
  readonly from: Sender;
  readonly method: string;
  readonly tool: string | undefined;
}

/** The bytes that tell whoever sent a request that it was refused, in the shape its method calls for. */
export function refusedAnswer(
  context: EnforcementContext,
  request: RefusedRequest,
  why: { readonly code: ErrorCode; readonly detail?: string | undefined },
): Buffer {
  const { id, method, tool } = request;
  const refusal = { method, tool, ...why };
  if (method !== 'tools/call' || request.from !== 'client') return errorAnswer(id, refusal);
  return toolRefusal(id, refusal, {
    stateless: context.session.state().era === 'stateless',
    hasOutputSchema: tool !== undefined && context.tools.get(tool)?.hasOutputSchema === true,
  });
}

/**
 * Sends an answer of our own. It waits for `needs` to be written; if that record is lost it leaves all the same, since
 * it tells of nothing that was done.
 */
export function sendAnswer(
  context: EnforcementContext,
  to: Sender,
  answer: { line: Buffer; needs: number },
): void {
  const { outbox } = context.sides[to];
  const again = (): void => outbox.send({ line: answer.line, needs: 0, durable: false });
  outbox.send({ line: answer.line, needs: answer.needs, durable: false, lost: again });
}
