import { newName } from '@mcp-acp/shared/ids';
import type { ApprovalChannel, EndedApproval } from '@mcp-acp/shared/live/approval';
import type { EnforcementContext } from '../context.ts';
import type { EndOfWait } from '../held-requests.ts';
import type { Approval, Decided, Proceed, Refused } from '../stages/stage-results.ts';
import type { ApprovalRecords } from './approval-records.ts';
import { previewOf } from './arguments-of.ts';
import type { Binding } from './binding.ts';
import { describeEnd, describeQuestion } from './describe-question.ts';
import { destinationsOf } from './destinations.ts';
import { offersFor } from './grant-offers.ts';
import { lean, whole } from './lean-decided.ts';
import { placesAskedAbout } from './places-asked-about.ts';
import {
  type ApprovalOptions,
  type End,
  mostEnded,
  mostQuestionBytes,
  mostQuestions,
  type Question,
  type Waiter,
} from './question.ts';

/**
 * The questions of one instance, and the calls that wait with them. A question is held while its call waits, then open
 * until somebody answers or its time is over. Everything happens at once: whoever ends a question tells its call in the
 * same turn, so that no call is told twice or sent after it was told.
 */
export interface OpenQuestions {
  /** Asks; or lets the call wait with the open question that asks the same. */
  ask(asked: Asked, binding: Binding): void;
  get(approval: string): Question | undefined;
  /** Oldest first. */
  all(): readonly Question[];
  /** The newest that are over, newest first. */
  ended(): readonly EndedApproval[];
  size(): number;
  /** The question is over. Its call, if one waits, is to be told by `release` in the same turn. */
  end(question: Question, how: End): EndedApproval;
  /** The call waits no more: it goes on, or gets its refusal. */
  release(question: Question, waiter: Waiter, approval: Approval): 'released' | 'refused';
  /** The session is over: nobody can answer any more. */
  close(): void;
  /** The call waits no more here; it is about to be asked about anew. */
  detach(question: Question, waiter: Waiter): void;
  /** It was decided again, and is the same question. */
  judged(question: Question, decided: Decided): void;
}

/** A call that a rule asks about. */
export interface Asked {
  readonly decided: Decided;
  readonly conclude: Proceed;
  /** When it began to wait, where it was asked about before. On the monotonic clock. */
  readonly sinceMs?: number;
}

export const refusal = (
  decided: Decided,
  why: Pick<Refused, 'reason' | 'disposition'> & Partial<Pick<Refused, 'detail' | 'by'>>,
): Refused => ({ kind: 'refused', decided, waitMs: 0, ...why });

export const receivedOf = ({ classified }: Decided) => classified.identified.received;

export function createOpenQuestions(
  context: EnforcementContext,
  options: ApprovalOptions,
  records: ApprovalRecords,
): OpenQuestions {
  const { clock } = context;
  const { person, origin, timers, random } = options;
  const questions = new Map<string, Question>();
  /** Those whose call does not wait any more, by what they ask. */
  const open = new Map<string, Question>();
  const over: EndedApproval[] = [];
  let bytes = 0;

  const detach = (question: Question, waiter: Waiter): void => {
    question.waiter = undefined;
    waiter.stopHold();
    const { from, message } = receivedOf(question.decided);
    context.sides[from].held.release(message.id);
  };

  const release = (question: Question, waiter: Waiter, approval: Approval): 'released' | 'refused' => {
    detach(question, waiter);
    const decided =
      approval.decided === question.decided ? whole(context, approval.decided) : approval.decided;
    return waiter.conclude({ ...approval, decided, waitMs: clock.monotonicMs() - waiter.sinceMs });
  };

  const end = (question: Question, how: End): EndedApproval => {
    questions.delete(question.id);
    if (open.get(question.binding.digest) === question) open.delete(question.binding.digest);
    question.stopOpen();
    bytes -= question.size;
    person.dismiss(question.id);
    records.ended(question, how);
    const told = describeEnd(context, question, { origin, ...how });
    over.unshift(told);
    if (over.length > mostEnded) over.pop();
    return told;
  };

  /** The call is told why it gets no answer yet. The question stays, unless one that asks the same is open already. */
  const letGo = (question: Question, reason: 'approval_pending' | 'nobody_could_be_asked'): void => {
    const { waiter, binding, decided } = question;
    if (waiter === undefined) return;
    const before = open.get(binding.digest);
    if (before === undefined) {
      open.set(binding.digest, question);
      records.letGo(question);
    } else {
      before.attempts += question.attempts;
      end(question, { end: 'joined' });
    }
    const by = { approval: (before ?? question).id };
    release(question, waiter, refusal(decided, { reason, disposition: 'unanswered', by }));
  };

  const expire = (question: Question): void => {
    const { waiter, decided, id } = question;
    end(question, { end: 'expired' });
    if (waiter === undefined) return;
    const why = { reason: 'approval_expired', disposition: 'unanswered', by: { approval: id } } as const;
    release(question, waiter, refusal(decided, why));
  };

  /** Whoever asked took the call back, or is gone: the question goes with it. */
  const withdraw = (question: Question, how: EndOfWait): void => {
    const { waiter, decided, id: approval } = question;
    if (waiter === undefined) return;
    end(question, { end: 'withdrawn' });
    release(question, waiter, refusal(decided, { ...endedBy(how), by: { approval } }));
  };

  const endedBy = (how: EndOfWait): Pick<Refused, 'reason' | 'disposition' | 'detail'> => {
    const failure = how === 'ended' ? context.backendFailure() : undefined;
    if (failure !== undefined) return { reason: failure.code, disposition: 'failed', detail: failure.detail };
    if (how === 'unanswered') return { reason: 'approval_expired', disposition: 'unanswered' };
    return { reason: 'request_cancelled', disposition: 'cancelled' };
  };

  const create = (decided: Decided, binding: Binding): Question => {
    const { decision, limited } = decided.verdict ?? {};
    const tool = decided.classified.access?.request.toolName;
    const places = placesAskedAbout(context.policies.current(), decided);
    const openMs = options.openMs();
    const question: Question = {
      id: newName(random, 'appr_'),
      binding,
      askedAt: clock.now(),
      openEndsMs: clock.monotonicMs() + openMs,
      stopOpen: timers.after(openMs, () => expire(question)),
      size: 0,
      // A grant that a rule gives is not one past a limit.
      offers: limited === true ? [] : offersFor(decision?.grant, { tool, places }),
      via: decision?.ask?.via as readonly ApprovalChannel[] | undefined,
      decided: lean(decided),
      destinations: destinationsOf(places),
      preview: '',
      argumentsLength: 0,
      attempts: 0,
      waiter: undefined,
    };
    questions.set(question.id, question);
    return question;
  };

  const judged = (question: Question, decided: Decided): void => {
    question.decided = lean(decided);
    question.destinations = destinationsOf(placesAskedAbout(context.policies.current(), decided));
  };

  const callForSomebody = (question: Question, waiter: Waiter): void => {
    const { via } = question;
    if (person.isWatching(via)) return;
    const nobodyCame = (): void => {
      if (question.waiter === waiter && !person.isWatching(via)) letGo(question, 'nobody_could_be_asked');
    };
    const summoned = person.summon(describeQuestion(context, question, { origin }));
    if (summoned === false) nobodyCame();
    else if (summoned !== true) void summoned.then((reached) => reached || nobodyCame());
  };

  const hold = (question: Question, { decided, conclude, sinceMs = clock.monotonicMs() }: Asked): void => {
    const { from, message } = receivedOf(decided);
    // Its client's patience began when it came, however often the question has changed since.
    const holdMs = Math.max(0, sinceMs + options.holdMs() - clock.monotonicMs());
    const waiter: Waiter = {
      sinceMs,
      conclude,
      holdEndsMs: clock.monotonicMs() + holdMs,
      stopHold: timers.after(holdMs, () => letGo(question, 'approval_pending')),
    };
    const { preview, argumentsLength } = previewOf(decided);
    const { length } = message.line;
    bytes += length - question.size;
    question.size = length;
    judged(question, decided);
    question.preview = preview;
    question.argumentsLength = argumentsLength;
    question.attempts++;
    question.waiter = waiter;
    open.delete(question.binding.digest);
    context.sides[from].held.hold(message.id, (how) => withdraw(question, how));
    if (records.asked(question)) return callForSomebody(question, waiter);
    // What cannot be recorded is not asked.
    end(question, { end: 'withdrawn' });
    const why = { reason: 'journal_unavailable', disposition: 'denied' } as const;
    release(question, waiter, refusal(decided, why));
  };

  return {
    ask: (asked, binding) => {
      const { decided, conclude } = asked;
      // The rules that ask have no channel in common.
      if (decided.verdict?.decision?.ask?.via?.length === 0) {
        conclude(refusal(decided, { reason: 'nobody_could_be_asked', disposition: 'unanswered' }));
        return;
      }
      const waiting = open.get(binding.digest);
      const { length } = receivedOf(decided).message.line;
      const tooMany = waiting === undefined && questions.size >= mostQuestions;
      if (tooMany || bytes - (waiting?.size ?? 0) + length > mostQuestionBytes) {
        conclude(refusal(decided, { reason: 'too_many_approvals', disposition: 'limited' }));
        return;
      }
      hold(waiting ?? create(decided, binding), asked);
    },
    get: (approval) => questions.get(approval),
    all: () => [...questions.values()],
    ended: () => over,
    size: () => questions.size,
    close: () => {
      for (const question of [...questions.values()]) {
        if (question.waiter === undefined) end(question, { end: 'withdrawn' });
        else withdraw(question, 'cancelled');
      }
    },
    end,
    release,
    detach,
    judged,
  };
}
