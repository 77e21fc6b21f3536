import { has, memberBytes, memberValue } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { appendRecord } from '../append-record.ts';
import type { EnforcementContext, ResultFilter } from '../context.ts';
import { judgeInputRequests, judgeRequiredElicitations } from './judge-input-request.ts';

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
  for (const change of context.tools.saw(tools, exchange.pagesOn))
    appendRecord(context.journal, { type: 'tool', ...change });
  return true;
};

/** Sampling, elicitation and roots arrive inside a result in revision 2026-07-28: one that is denied withholds it. */
export const filterInputRequests: ResultFilter = (context, exchange, answer) => {
  if (answer.failed || !has(answer, slot.inputRequests)) return true;
  if (!judgeInputRequests(context, exchange, memberValue(answer, slot.inputRequests))) return false;
  context.rounds.issued(exchange, answer);
  return true;
};

/** Elicitations that arrive inside an error are judged as the requests they stand for. */
export const filterRequiredElicitations: ResultFilter = (context, exchange, answer) =>
  !answer.failed || judgeRequiredElicitations(context, exchange, answer);

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
