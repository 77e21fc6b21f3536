import { AcpError } from '@mcp-acp/shared/errors';
import type { Answered, ApprovalAnswer, ApprovalChannel, Grant } from '@mcp-acp/shared/live/approval';
import type { EnforcementContext } from '../context.ts';
import { decideOn } from '../decide-on.ts';
import { judged } from '../stages/approve.ts';
import { identify } from '../stages/identify.ts';
import type { Decided } from '../stages/stage-results.ts';
import type { Binding } from './binding.ts';
import { offerOf } from './grant-offers.ts';
import type { GrantDraft, KeptGrant } from './grants.ts';
import { type Asked, type OpenQuestions, receivedOf, refusal } from './open-questions.ts';
import type { Question, Waiter } from './question.ts';

export interface AnsweringParts {
  readonly questions: OpenQuestions;
  readonly bind: (decided: Decided) => Binding;
  /** Asks anew, or lets a grant speak. */
  readonly ask: (asked: Asked) => void;
  /** Undefined where there are too many grants. */
  readonly makeGrant: (draft: GrantDraft) => KeptGrant | undefined;
  readonly countUse: (grant: KeptGrant) => void;
  readonly endGrant: (id: string, why: string) => void;
  readonly describe: (grant: KeptGrant) => Grant;
  /** A person has said yes to this. */
  readonly approved: (decided: Decided) => void;
}

export interface Answering {
  deny(question: Question, channel: ApprovalChannel, reason: string | undefined): Answered;
  /** Throws AcpError('reach_refused'). */
  approve(question: Question, channel: ApprovalChannel, reach: ApprovalAnswer['reach']): Answered;
  /** Decides a pending question under the policy as it is now. */
  decideAnew(question: Question): void;
}

/** What a person's answer, or a changed policy, makes of a question and of its call. */
export function createAnswering(context: EnforcementContext, parts: AnsweringParts): Answering {
  const { questions, bind, ask, makeGrant, countUse, endGrant, describe, approved } = parts;
  const { clock } = context;

  /** Links, the policy and the tool's definition may be others than when it was asked. */
  const again = (decided: Decided): Decided => {
    const { evalMs, verdict: before } = decided;
    const fresh = decideOn(context, identify(context, receivedOf(decided)), true);
    const { verdict } = fresh;
    // A limit that asked has counted this call, and counts it once.
    if (verdict === undefined || before?.limited !== true) return { ...fresh, evalMs };
    return { ...fresh, evalMs, verdict: { ...verdict, limited: true } };
  };

  /** It is another question now, about the same call. */
  const askAnew = (question: Question, waiter: Waiter | undefined, fresh: Decided): void => {
    if (waiter === undefined) return;
    questions.detach(question, waiter);
    ask({ decided: fresh, conclude: waiter.conclude, sinceMs: waiter.sinceMs });
  };

  const draftFor = (
    question: Question,
    channel: ApprovalChannel,
    more: Pick<GrantDraft, 'effect' | 'scope' | 'forMs' | 'mostUses'> &
      Partial<Pick<GrantDraft, 'place' | 'reason'>>,
  ): GrantDraft => ({
    method: receivedOf(question.decided).message.method,
    tool: question.decided.classified.access?.request.toolName,
    prompt: question.decided.classified.access?.request.promptName,
    binding: question.binding,
    place: undefined,
    rule: question.decided.verdict?.decision?.decidedBy,
    approval: question.id,
    channel,
    reason: undefined,
    ...more,
  });

  /** An answer about a call that waits no more is kept for its next attempt, once. */
  const keepForNextAttempt = (
    question: Question,
    channel: ApprovalChannel,
    answer: Pick<GrantDraft, 'effect' | 'reason'>,
  ): void => {
    const forMs = Math.max(1, question.openEndsMs - clock.monotonicMs());
    makeGrant(draftFor(question, channel, { ...answer, scope: 'call', forMs, mostUses: 1 }));
  };

  const grantFor = (
    question: Question,
    channel: ApprovalChannel,
    reach: ApprovalAnswer['reach'],
  ): KeptGrant | undefined => {
    if (reach === undefined) return undefined;
    const offer = offerOf(question.offers, reach);
    if (offer === undefined) {
      const fix = 'Choose one of the reaches that the question offers.';
      throw new AcpError('reach_refused', undefined, { fix });
    }
    const { path, folder = false, mostMs, mostUses } = offer;
    const draft = draftFor(question, channel, {
      effect: 'allow',
      scope: reach.scope,
      ...(path === undefined ? {} : { place: { path, folder } }),
      forMs: reach.forMs ?? mostMs,
      mostUses: reach.uses ?? mostUses,
    });
    const grant = makeGrant(draft);
    if (grant !== undefined) return grant;
    throw new AcpError('reach_refused', 'There are too many grants already.', {
      fix: 'Revoke some of them.',
    });
  };

  return {
    deny: (question, channel, reason) => {
      const { waiter, decided, id } = question;
      const ended = questions.end(question, { end: 'denied', channel, reason });
      if (waiter === undefined) {
        keepForNextAttempt(question, channel, { effect: 'deny', reason });
        return { result: 'refused', ended };
      }
      const by = { approval: id, channel };
      const why = { reason: 'person_denied', disposition: 'denied', detail: reason, by } as const;
      return { result: questions.release(question, waiter, refusal(decided, why)), ended };
    },

    approve: (question, channel, reach) => {
      const { waiter, id, binding } = question;
      const fresh = again(question.decided);
      if (fresh.verdict?.effect === 'deny') {
        const ended = questions.end(question, { end: 'policy_denied', channel });
        if (waiter !== undefined)
          questions.release(question, waiter, { ...judged(fresh), by: { approval: id } });
        return { result: 'refused', ended };
      }
      const isAsked = fresh.verdict?.effect === 'ask' || fresh.verdict?.limited === true;
      if (isAsked && bind(fresh).digest !== binding.digest) {
        const ended = questions.end(question, { end: 'superseded', channel });
        askAnew(question, waiter, fresh);
        // A call that waits no more asks again by itself.
        return { result: waiter === undefined ? 'too_late' : 'asked_again', ended };
      }
      const grant = grantFor(question, channel, reach);
      const ended = questions.end(question, { end: 'approved', channel });
      approved(fresh);
      if (waiter === undefined) {
        if (grant !== undefined) return { result: 'next_attempt', ended, grant: describe(grant) };
        keepForNextAttempt(question, channel, { effect: 'allow', reason: undefined });
        return { result: 'next_attempt', ended };
      }
      const yes = { digest: binding.digest, approval: id };
      const by = { approval: id, channel, yes };
      const permitted = { kind: 'permitted', decided: fresh, waitMs: 0, by } as const;
      const result = questions.release(question, waiter, permitted);
      if (grant === undefined) return { result, ended };
      // This call is the first that the yes lets through; what it could not be used for is not kept.
      if (result === 'released') countUse(grant);
      else endGrant(grant.id, 'its first call could not be sent');
      return { result, ended, ...(result === 'released' ? { grant: describe(grant) } : {}) };
    },

    decideAnew: (question) => {
      const { waiter, decided, id, binding } = question;
      const fresh = again(decided);
      const effect = fresh.verdict?.effect;
      if (effect === 'ask') {
        if (bind(fresh).digest === binding.digest) {
          return questions.judged(question, fresh);
        }
        questions.end(question, { end: 'superseded' });
        return askAnew(question, waiter, fresh);
      }
      // A limit asked, not a rule: that the policy allows the call was so before.
      if (effect === 'allow' && decided.verdict?.limited === true) return;
      questions.end(question, { end: effect === 'allow' ? 'policy_allowed' : 'policy_denied' });
      if (waiter !== undefined)
        questions.release(question, waiter, { ...judged(fresh), by: { approval: id } });
    },
  };
}
