import type { RequestMessage } from '@mcp-acp/mcp/message';
import { sizeOf } from '@mcp-acp/mcp/message';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import { recordSession } from '../answers/inspect-result.ts';
import type { EnforcementContext } from '../context.ts';
import { runExchange } from '../spine.ts';
import { refuseInput } from './refuse-input.ts';

/** A request enters the spine, unless its id or the number of those that wait stand against it. */
export function acceptRequest(context: EnforcementContext, from: Sender, message: RequestMessage): void {
  const problem = admissionProblem(context, from, message);
  if (problem !== undefined) {
    refuseInput(context, from, {
      kind: 'refused',
      code: problem,
      detail: `id ${JSON.stringify(message.id).slice(0, 80)}`,
      id: message.id,
      hasMethod: true,
      size: sizeOf(message),
    });
    return;
  }
  if (from === 'client' && context.session.sawRequest(message) && message.method !== 'initialize') {
    recordSession(context);
  }
  runExchange(context, { message, from, receivedMs: context.clock.monotonicMs() });
}

export function admissionProblem(
  context: EnforcementContext,
  from: Sender,
  { id }: RequestMessage,
): ErrorCode | undefined {
  const { inFlight, held } = context.sides[from];
  if (inFlight.has(id) || held.has(id)) return 'duplicate_id';
  return inFlight.size() >= limits.inFlight ? 'too_many_in_flight' : undefined;
}
