import { sizeOf } from '@mcp-acp/mcp/message';
import { traceparentOf } from '@mcp-acp/mcp/trace-parent';
import type { DecisionBody, RecordedFacts } from '@mcp-acp/shared/journal-record';
import { limits } from '@mcp-acp/shared/limits';
import type { EnforcementContext } from '../context.ts';
import { payloadText } from '../payload.ts';
import type { Access, Verdict } from '../verdict.ts';
import type { AnsweredBy, Approval } from './stage-results.ts';

/** Filled member by member: this runs for every request, and copies would cost more than all checks together. */
type Draft = { -readonly [Key in keyof DecisionBody]: DecisionBody[Key] };

/** The decision record of a request, permitted or refused, with its payload put into the payload store. */
export function decisionRecord(
  context: EnforcementContext,
  approval: Approval,
  continues?: number,
): DecisionBody {
  const { classified, verdict, evalMs } = approval.decided;
  const { received, subject, session } = classified.identified;
  const { message, from } = received;
  const draft: Draft = {
    type: 'decision',
    from,
    class: classified.class,
    requestId: typeof message.id === 'number' ? String(message.id) : JSON.stringify(message.id),
    method: message.method,
    subject: subject.id,
    disposition: approval.kind === 'permitted' ? 'forwarded' : approval.disposition,
    size: sizeOf(message),
    evalMs: toMicroseconds(evalMs),
    waitMs: toMicroseconds(approval.waitMs),
  };
  if (approval.kind === 'refused') draft.reason = approval.reason;
  if (approval.by !== undefined) addAnswer(draft, approval.by);
  if (continues !== undefined) draft.continues = continues;
  if (session.revision !== undefined) draft.revision = session.revision;
  if (session.client !== undefined) {
    draft.client = session.client.name;
    if (session.client.version !== undefined) draft.clientVersion = session.client.version;
  }
  if (classified.access !== undefined) addAccess(context, draft, classified.access);
  if (verdict !== undefined && classified.class === 'access') addVerdict(context, draft, verdict);
  const trace = traceparentOf(message);
  if (trace !== undefined) draft.trace = trace;
  return draft;
}

function addAnswer(draft: Draft, { approval, channel, grant }: AnsweredBy): void {
  if (approval !== undefined) draft.approval = approval;
  if (channel !== undefined) draft.channel = channel;
  if (grant !== undefined) draft.grant = grant;
}

/** Milliseconds to the microsecond: shorter text, and no more precision than the clock has. */
export const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

function addAccess(context: EnforcementContext, draft: Draft, { request, facts }: Access): void {
  const { toolName, promptName, uri } = request;
  draft.facts = recordedFacts(facts);
  if (toolName !== undefined) {
    draft.tool = quoted(toolName);
    draft.toolDigest = context.tools.get(toolName)?.digest ?? 'never seen';
  }
  if (promptName !== undefined) draft.prompt = quoted(promptName);
  if (uri !== undefined) draft.resource = quoted(bareUri(uri));
  if (context.payloadMode !== 'none' && request.arguments !== undefined) {
    draft.payload = context.payloads.add(payloadText(request.arguments, context.payloadMode));
  }
}

const quoted = (text: string): string =>
  text.length > limits.quotedText ? text.slice(0, limits.quotedText) : text;

const recordedFacts = (facts: Access['facts']): RecordedFacts => ({
  operations: facts.operations,
  sideEffects: facts.sideEffects,
  operands: facts.operands.length,
  mentions: facts.mentions.length,
});

/** A URI without what may hold a credential: user info, query and fragment. */
function bareUri(uri: string): string {
  const end = uri.search(/[?#]/);
  return (end === -1 ? uri : uri.slice(0, end)).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

function addVerdict(context: EnforcementContext, draft: Draft, { effect, decision }: Verdict): void {
  draft.policyVersion = context.policies.current().version;
  draft.effect = decision?.effect ?? effect;
  if (decision === undefined) return;
  draft.matched = decision.matched;
  if (decision.decidedBy !== undefined) draft.decidedBy = decision.decidedBy;
}
