import { sizeOf } from '@mcp-acp/mcp/message';
import type { DecisionBody, RecordedFacts } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import type { EnforcementContext } from '../context.ts';
import { payloadText } from '../payload.ts';
import type { Access } from '../verdict.ts';
import type { Approval } from './approve.ts';
import type { Classified } from './classify.ts';

const quoted = (text: string): string =>
  text.length > limits.quotedText ? text.slice(0, limits.quotedText) : text;

/** The decision record of a request, permitted or refused, with its payload put into the payload store. */
export function decisionRecord(
  context: EnforcementContext,
  approval: Approval,
  continues?: number,
): DecisionBody {
  const { classified, verdict, evalMs } = approval.decided;
  const { received, subject, session } = classified.identified;
  const { message, from } = received;
  const base: DecisionBody = {
    type: 'decision',
    from,
    class: classified.class,
    requestId: JSON.stringify(message.id),
    method: message.method,
    ...(session.client === undefined ? {} : clientOf(session.client)),
    ...(session.revision === undefined ? {} : { revision: session.revision }),
    subject: subject.id,
    disposition: approval.kind === 'permitted' ? 'forwarded' : approval.disposition,
    ...(approval.kind === 'refused' ? { reason: approval.reason } : {}),
    ...(continues === undefined ? {} : { continues }),
    size: sizeOf(message),
    evalMs: toMicroseconds(evalMs),
    waitMs: toMicroseconds(approval.waitMs),
  };
  if (verdict === undefined) return base;
  return { ...base, ...accessFields(context, classified), ...verdictFields(context, verdict) };
}

/** Milliseconds to the microsecond: shorter text, and no more precision than the clock has. */
export const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

const clientOf = (client: { name: string; version?: string }): Partial<DecisionBody> =>
  client.version === undefined
    ? { client: client.name }
    : { client: client.name, clientVersion: client.version };

function accessFields(context: EnforcementContext, { access }: Classified): Partial<DecisionBody> {
  if (access === undefined) return {};
  const { request, facts } = access;
  const { toolName, promptName, uri } = request;
  const payload =
    context.payloadMode === 'none' || request.arguments === undefined
      ? undefined
      : context.payloads.add(payloadText(request.arguments, context.payloadMode));
  return {
    ...(toolName === undefined
      ? {}
      : { tool: quoted(toolName), toolDigest: context.tools.get(toolName)?.digest ?? 'never seen' }),
    ...(promptName === undefined ? {} : { prompt: quoted(promptName) }),
    ...(uri === undefined ? {} : { resource: quoted(bareUri(uri)) }),
    facts: recordedFacts(facts),
    ...(payload === undefined ? {} : { payload }),
  };
}

function recordedFacts(facts: Access['facts']): RecordedFacts {
  return {
    operations: facts.operations,
    sideEffects: facts.sideEffects,
    operands: facts.operands.length,
    mentions: facts.mentions.length,
  };
}

/** A URI without what may hold a credential: user info, query and fragment. */
function bareUri(uri: string): string {
  const end = uri.search(/[?#]/);
  return (end === -1 ? uri : uri.slice(0, end)).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

function verdictFields(
  context: EnforcementContext,
  { effect, decision }: NonNullable<Approval['decided']['verdict']>,
): Partial<DecisionBody> {
  const version = context.policies.current().version;
  if (decision === undefined) return { effect, policyVersion: version };
  return {
    effect: decision.effect,
    matched: decision.matched,
    ...(decision.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
    policyVersion: version,
  };
}
