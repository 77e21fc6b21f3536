import { has, memberBytes, memberValue } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext, ResultFilter } from '../context.ts';
import { judgeInputRequest } from './judge-input-request.ts';

/** Learns who answers and under which revision. */
export const observeInitialize: ResultFilter = (context, exchange, answer) => {
  if (exchange.method !== 'initialize' || !context.session.sawInitializeResult(answer)) return true;
  recordSession(context);
  return true;
};

/** Learns what tools there are. */
export const observeToolList: ResultFilter = (context, exchange, answer) => {
  if (exchange.method !== 'tools/list' || answer.failed) return true;
  const tools = memberBytes(answer, slot.tools);
  if (tools === undefined) return true;
  for (const change of context.tools.saw(tools)) appendRecord(context.journal, { type: 'tool', ...change });
  return true;
};

/**
 * Judges each member of `inputRequests` as the request it stands for (revision 2026-07-28, SEP-2322): sampling,
 * elicitation and roots arrive inside a result there. One that is not allowed withholds the whole result.
 */
export const filterInputRequests: ResultFilter = (context, exchange, answer) => {
  if (answer.failed || !has(answer, slot.inputRequests)) return true;
  const requests = memberValue(answer, slot.inputRequests);
  if (!isJsonObject(requests)) return false;
  const members: readonly JsonValue[] = Object.values(requests);
  const allowed = members.map((member) => judgeInputRequest(context, exchange, member));
  if (allowed.includes(false)) return false;
  context.rounds.issued(exchange, answer);
  return true;
};

/** A result may issue a `requestState` without asking for input. */
export const observeRounds: ResultFilter = (context, exchange, answer) => {
  if (!answer.failed && !has(answer, slot.inputRequests)) context.rounds.issued(exchange, answer);
  return true;
};

/** Records who talks to whom, once that is known. */
export function recordSession(context: EnforcementContext): void {
  const { era, revision, client, server } = context.session.state();
  appendRecord(context.journal, {
    type: 'session',
    event: 'identified',
    ...(client === undefined ? {} : { client: client.name }),
    ...(client?.version === undefined ? {} : { clientVersion: client.version }),
    ...(server === undefined ? {} : { server: server.name }),
    ...(server?.version === undefined ? {} : { serverVersion: server.version }),
    ...(revision === undefined ? {} : { revision }),
    ...(era === undefined ? {} : { era }),
  });
}
