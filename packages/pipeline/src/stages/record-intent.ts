import type { RequestId } from '@mcp-acp/mcp/message';
import { memberString, memberValue } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext } from '../context.ts';
import type { Exchange } from '../in-flight.ts';
import { argumentsDigest } from '../rounds.ts';
import { decisionRecord } from './decision-record.ts';
import type { Permitted, Recorded } from './stage-results.ts';

/** Undefined where the journal takes no record: then nothing may be forwarded. */
export function recordIntent(
  context: EnforcementContext,
  permitted: Permitted,
  inBatch = false,
): Recorded | undefined {
  const { classified } = permitted.decided;
  const { received, session } = classified.identified;
  const { message, from, receivedMs } = received;
  const durable = classified.class === 'access';
  const continues = session.era === 'stateless' ? context.rounds.continued(message) : undefined;
  const body = decisionRecord(context, permitted, continues);
  const decision = appendRecord(context.journal, body, durable);
  if (decision === undefined) return undefined;
  const exchange: Exchange = {
    id: message.id,
    requestId: body.requestId ?? '',
    from,
    method: message.method,
    tool: classified.access?.request.toolName,
    decision,
    firstRound: continues ?? decision,
    receivedMs,
    forwardedMs: undefined,
    lastSignMs: receivedMs,
    progress: 0,
    progressToken: progressToken(
      message.spans[slot.metaProgressToken * 2] === -1
        ? undefined
        : memberValue(message, slot.metaProgressToken),
    ),
    cancelled: false,
    inBatch,
    argumentsDigest: session.era === 'stateless' ? argumentsDigest(message) : undefined,
    yes: permitted.by?.yes,
    pagesOn: memberString(message, slot.cursor) !== undefined,
  };
  return { permitted, exchange, durable };
}

const progressToken = (value: unknown): RequestId | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined;
