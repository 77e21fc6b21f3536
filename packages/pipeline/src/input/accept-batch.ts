import { notificationStanding } from '@mcp-acp/mcp/classify-method';
import type { BatchMessage, RequestMessage, SingleMessage } from '@mcp-acp/mcp/message';
import { has, idKey } from '@mcp-acp/mcp/message';
import { slot } from '@mcp-acp/mcp/strict/slots';
import { refusedAnswer, sendAnswer } from '../answers/answer-refused.ts';
import { deliverBatch } from '../answers/deliver-batch.ts';
import { errorAnswer } from '../answers/refusal.ts';
import { appendRecord } from '../append-record.ts';
import { type EnforcementContext, otherSide } from '../context.ts';
import { decideOn } from '../decide-on.ts';
import { recordNotification } from '../notifications/pass-notification.ts';
import { approveAtOnce } from '../stages/approve.ts';
import { decisionRecord } from '../stages/decision-record.ts';
import { notSent } from '../stages/forward.ts';
import { identify } from '../stages/identify.ts';
import { recordIntent } from '../stages/record-intent.ts';
import type { Permitted, Recorded, Refused } from '../stages/stage-results.ts';
import { admissionProblem } from './accept-request.ts';
import { alone } from './batch-member.ts';
import { answerableId, refuseInput } from './refuse-input.ts';

/**
 * A batch (revision 2025-03-26 only): forwarded whole, as the bytes that came, if every member may pass now; else none
 * of it is sent and each request in it is refused. A member that would need a person is refused too. A batch of answers
 * goes on whole; one that mixes them, or cancellations, with requests is taken apart, each member judged by itself.
 */
export function acceptBatch(
  context: EnforcementContext,
  from: 'client' | 'server',
  batch: BatchMessage,
  takeMember: (member: SingleMessage) => void,
): void {
  const requests = batch.members.filter((member): member is RequestMessage => member.kind === 'request');
  if (!context.session.allowsBatches()) return refuseBatch(context, from, batch);
  if (batch.members.every((member) => member.kind === 'response')) {
    deliverBatch(context, from, batch);
    return;
  }
  if (!batch.members.every(isOrdinary)) {
    for (const member of batch.members) takeMember(alone(member));
    return;
  }
  const ids = new Set(requests.map(({ id }) => id));
  const approvals = requests.map((message) => judgeMember(context, from, message));
  const mayPass =
    ids.size === requests.length && approvals.every((approval) => approval.kind === 'permitted');
  if (!mayPass) return refuseMembers(context, from, approvals);
  const recorded = approvals.map((approval) => recordIntent(context, approval as Permitted, true));
  if (recorded.some((one) => one === undefined)) {
    return refuseMembers(
      context,
      from,
      approvals.map((approval) => refusedAs(approval, 'journal_unavailable')),
    );
  }
  let needs = 0;
  for (const member of batch.members) {
    if (member.kind !== 'notification') continue;
    const seq = recordNotification(context, { from, message: member, target: undefined });
    // With a failed journal nothing goes on unrecorded; requests have been refused above.
    if (seq === undefined && recorded.length === 0) return;
    needs = seq ?? needs;
  }
  forwardWhole(context, from, { batch, members: recorded as Recorded[], needs });
}

/** Members that only ask or tell. Answers, cancellations and progress belong to other exchanges, whatever becomes of this batch. */
function isOrdinary(member: SingleMessage): boolean {
  if (member.kind === 'request') return true;
  return (
    member.kind === 'notification' &&
    notificationStanding(member.method) === 'notification' &&
    member.method !== 'notifications/cancelled' &&
    member.method !== 'notifications/progress' &&
    !has(member, slot.paramInputRequests)
  );
}

type Judged = Permitted | Refused;

function judgeMember(
  context: EnforcementContext,
  from: 'client' | 'server',
  message: RequestMessage,
): Judged {
  const received = { message, from, receivedMs: context.clock.monotonicMs() };
  const decided = decideOn(context, identify(context, received));
  const problem = admissionProblem(context, from, message);
  if (problem !== undefined) {
    return { kind: 'refused', decided, waitMs: 0, reason: problem, disposition: 'malformed' };
  }
  // A batch is sent now or not at all.
  return approveAtOnce(decided);
}

const refusedAs = (approval: Judged, reason: Refused['reason']): Refused =>
  approval.kind === 'refused'
    ? approval
    : { kind: 'refused', decided: approval.decided, waitMs: 0, reason, disposition: 'denied' };

/** Records and answers every request of a batch that is not sent; the answer is one batch too. */
function refuseMembers(
  context: EnforcementContext,
  from: 'client' | 'server',
  approvals: readonly Judged[],
): void {
  let needs = 0;
  const answered = new Set<string | number>();
  const answers = approvals.map((approval) => {
    const refused = refusedAs(approval, 'batch_refused');
    needs = appendRecord(context.journal, decisionRecord(context, refused)) ?? needs;
    const { message } = refused.decided.classified.identified.received;
    const tool = refused.decided.classified.access?.request.toolName;
    const { reason: code } = refused;
    const { method } = message;
    // An id that another request has, in this batch or before it, must not be answered twice.
    if (answerableId(context, from, message.id) === null || answered.has(idKey(message.id))) {
      return errorAnswer(null, { code, method, tool });
    }
    answered.add(idKey(message.id));
    return refusedAnswer(context, { id: message.id, from, method, tool }, { code });
  });
  if (answers.length === 0) return;
  const line = Buffer.from(`[${answers.map((answer) => answer.toString('utf8')).join(',')}]`);
  sendAnswer(context, from, { line, needs });
}

interface WholeBatch {
  readonly batch: BatchMessage;
  readonly members: readonly Recorded[];
  /** Seq of the record of its last notification. */
  readonly needs: number;
}

function forwardWhole(
  context: EnforcementContext,
  from: 'client' | 'server',
  { batch, members, needs }: WholeBatch,
): void {
  const exchanges = members.map(({ exchange }) => exchange);
  for (const exchange of exchanges) context.sides[from].inFlight.add(exchange);
  context.sides[otherSide(from)].outbox.send({
    line: batch.line,
    needs: Math.max(needs, exchanges.at(-1)?.decision ?? 0),
    durable: members.some(({ durable }) => durable),
    stillWanted: () =>
      exchanges.length === 0 ||
      exchanges.some((exchange) => context.sides[from].inFlight.get(exchange.id) === exchange),
    left: () => {
      const leftMs = context.clock.monotonicMs();
      for (const exchange of exchanges) exchange.forwardedMs = leftMs;
    },
    lost: () => {
      for (const exchange of exchanges) notSent(context, exchange);
    },
  });
}

/** Batches are not part of the revision in force: one refusal for each request, one for the batch where it has none. */
function refuseBatch(context: EnforcementContext, from: 'client' | 'server', batch: BatchMessage): void {
  const input = {
    kind: 'refused',
    code: 'batch_not_allowed',
    detail: undefined,
    size: batch.line.length,
  } as const;
  const withIds = batch.members.filter((member) => member.kind === 'request' || member.kind === 'response');
  for (const { id, kind } of withIds)
    refuseInput(context, from, { ...input, id, hasMethod: kind === 'request' });
  if (withIds.length > 0 || from === 'server') return;
  const line = errorAnswer(null, { code: 'batch_not_allowed', method: undefined, tool: undefined });
  sendAnswer(context, from, { line, needs: 0 });
}
