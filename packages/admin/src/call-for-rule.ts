import { AcpError } from '@mcp-acp/shared/errors';
import type { DecisionBody } from '@mcp-acp/shared/journal-record';
import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import type { ApprovalCard } from '@mcp-acp/shared/live/approval';
import { redacted } from '@mcp-acp/shared/redaction';
import type { CallForRule } from './propose-shapes.ts';

/** The call a person is asked about. */
export function callOfCard(card: ApprovalCard): CallForRule {
  // What does not fit into the card's first page is not known here.
  const whole = card.arguments.length >= card.argumentsLength;
  return {
    method: card.method,
    from: card.from,
    subject: card.subject,
    ...(card.tool === undefined ? {} : { tool: card.tool }),
    ...(card.prompt === undefined ? {} : { prompt: card.prompt }),
    ...(card.client === undefined ? {} : { client: card.client }),
    ...argumentsOf(whole ? card.arguments : undefined),
  };
}

/**
 * The call of a decision on record, with its arguments as they were kept: JSON text, redacted, possibly cut. Throws
 * AcpError('not_found') for any other record.
 */
export function callOfRecord({
  record,
  payload,
}: {
  readonly record: unknown;
  readonly payload?: string | undefined;
}): CallForRule {
  const decision = record as Partial<DecisionBody>;
  const { type, method, from, subject, effect } = decision;
  if (type !== 'decision' || effect === undefined || method === undefined) {
    throw new AcpError('not_found', 'This record is no decision about a call.');
  }
  return {
    method,
    from: from ?? 'client',
    subject: subject ?? '',
    ...(decision.tool === undefined ? {} : { tool: decision.tool }),
    ...(decision.prompt === undefined ? {} : { prompt: decision.prompt }),
    ...(decision.client === undefined ? {} : { client: decision.client }),
    ...argumentsOf(payload),
  };
}

/** What a rule for a decision on record would do: the next time it spares the person the answer they gave. */
export const effectForRecord = (record: unknown): 'allow' | 'deny' =>
  (record as Partial<DecisionBody>).reason === 'person_denied' ? 'deny' : 'allow';

/** Nothing where they were cut, or where something was replaced that a rule would then name. */
function argumentsOf(text: string | undefined): { readonly arguments?: JsonObject } {
  if (text === undefined || text.includes(redacted)) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || (value.truncated === true && typeof value.head === 'string')) return {};
    return { arguments: value };
  } catch {
    return {};
  }
}
