import { AcpError } from '@mcp-acp/shared/errors';
import { newName } from '@mcp-acp/shared/ids';
import { limits } from '@mcp-acp/shared/limits';
import type { ApprovalChannel, Grant } from '@mcp-acp/shared/live/approval';
import type { EnforcementContext } from '../context.ts';
import type { Approval, Decided } from '../stages/stage-results.ts';
import { createAnswering } from './answer-questions.ts';
import type { ApprovalDesk } from './approval-desk.ts';
import { approvalRecords } from './approval-records.ts';
import { argumentsOf, otherParametersOf } from './arguments-of.ts';
import { type Binding, bindingOf, rulesAsTheyAre } from './binding.ts';
import { describeGrant } from './describe-grant.ts';
import { describeQuestion, onCard } from './describe-question.ts';
import { createGrants, type GrantDraft, type KeptGrant } from './grants.ts';
import { createLastApproved } from './last-approved.ts';
import { type Asked, createOpenQuestions, receivedOf, refusal } from './open-questions.ts';
import { placesAskedAbout } from './places-asked-about.ts';
import { type ApprovalOptions, mostEndedShown, type Question } from './question.ts';

export function createApprovalDesk(context: EnforcementContext, options: ApprovalOptions): ApprovalDesk {
  const { origin, timers, random } = options;
  const { clock } = context;
  const secret = Buffer.from(random(32));
  const records = approvalRecords(context);
  const questions = createOpenQuestions(context, options, records);
  const lastApproved = createLastApproved(clock);
  const kept = createGrants({
    clock,
    timers,
    newId: () => newName(random, 'grnt_'),
    ended: records.grantEnded,
  });

  const bind = (decided: Decided) => bindingOf(context, decided, secret);
  const describe = (grant: KeptGrant): Grant => describeGrant(clock, grant, origin);

  const makeGrant = (draft: GrantDraft): KeptGrant | undefined => {
    const grant = kept.make(draft);
    if (grant !== undefined) records.grantMade(grant);
    return grant;
  };

  const ask = (asked: Asked): void => {
    const { decided, conclude } = asked;
    const { message } = receivedOf(decided);
    const { access } = decided.classified;
    let binding: Binding;
    try {
      binding = bind(decided);
    } catch {
      // What a yes would be bound to cannot be told, so nobody can give one.
      conclude(refusal(decided, { reason: 'guard_failed', disposition: 'denied' }));
      return;
    }
    const request = {
      method: message.method,
      tool: access?.request.toolName,
      binding,
      places: placesAskedAbout(context.policies.current(), decided),
    };
    const mute = kept.useMute(request);
    if (mute !== undefined) {
      conclude(byGrant(decided, mute, binding.digest));
      return;
    }
    const yes = context.rounds.takeYes(message, binding.digest);
    if (yes !== undefined && (yes.grant === undefined || !kept.isRevoked(yes.grant))) {
      conclude({ kind: 'permitted', decided, waitMs: 0, by: { approval: yes.approval, yes } });
      return;
    }
    const grant = kept.use(request);
    if (grant !== undefined) conclude(byGrant(decided, grant, binding.digest));
    else questions.ask(asked, binding);
  };

  const { deny, approve, decideAnew } = createAnswering(context, {
    questions,
    bind,
    ask,
    makeGrant,
    countUse: kept.countUse,
    endGrant: kept.end,
    describe,
    approved: lastApproved.saw,
  });

  const find = (approval: string): Question => {
    const question = questions.get(approval);
    if (question !== undefined) return question;
    throw new AcpError('not_found', 'That question is not pending here.', {
      fix: 'It was answered, or the instance it belonged to has ended: look at what is pending now.',
    });
  };

  const denyAll = (approvals: readonly string[], channel: ApprovalChannel, reason?: string): number => {
    let denied = 0;
    for (const approval of approvals) {
      const question = questions.get(approval);
      if (question === undefined) continue;
      deny(question, channel, reason);
      denied++;
    }
    return denied;
  };

  return {
    ask: (decided, conclude) => ask({ decided, conclude }),
    pending: questions.size,
    policyChanged: () => {
      const policy = context.policies.current();
      kept.keepOnly(
        ({ binding }) =>
          binding === undefined || rulesAsTheyAre(policy, binding.rules.ids) === binding.rules.text,
        'the policy changed',
      );
      for (const { id } of questions.all()) {
        const question = questions.get(id);
        if (question !== undefined) attempt(() => decideAnew(question));
      }
    },
    close: () => {
      questions.close();
      kept.keepOnly(() => false, 'the session is over');
    },
    list: () => ({
      pending: questions.all().map((question) => describeQuestion(context, question, { origin })),
      ended: questions.ended().slice(0, mostEndedShown),
    }),
    card: (approval) => {
      const question = find(approval);
      const before = lastApproved.of(question.decided);
      return {
        ...describeQuestion(context, question, { origin, extent: onCard }),
        arguments: argumentsOf(question.decided).slice(0, limits.argumentsPage),
        ...otherParametersOf(question.decided),
        ...(before === undefined ? {} : { lastApproved: before }),
      };
    },
    arguments: (approval, offset) =>
      argumentsOf(find(approval).decided).slice(offset, offset + limits.argumentsPage),
    answer: ({ approval, digest, answer, reach, reason }, channel) => {
      const over = questions.ended().find((one) => one.approval === approval);
      if (over !== undefined) return { result: 'too_late', ended: over };
      const question = find(approval);
      if (question.binding.digest !== digest) throw new AcpError('approval_changed');
      // A no is taken from anybody.
      if (answer === 'approve' && question.via?.includes(channel) === false) {
        throw new AcpError('channel_refused', `The rule wants an answer by: ${question.via.join(', ')}.`);
      }
      return answer === 'deny' ? deny(question, channel, reason) : approve(question, channel, reach);
    },
    denyAll,
    grants: () => kept.all().map(describe),
    revoke: (grant, channel) => kept.revoke(grant, `revoked by ${channel}`),
    mute: ({ tool, forMs, reason }, channel) => {
      const draft = {
        effect: 'deny',
        scope: 'tool',
        method: 'tools/call',
        tool,
        channel,
        reason,
        forMs,
      } as const;
      const none = {
        prompt: undefined,
        binding: undefined,
        place: undefined,
        rule: undefined,
        approval: undefined,
      };
      const mute = makeGrant({ ...draft, ...none, mostUses: undefined });
      if (mute === undefined) throw new AcpError('reach_refused', 'There are too many grants already.');
      const ofTool = questions
        .all()
        .filter(({ decided }) => decided.classified.access?.request.toolName === tool);
      denyAll(
        ofTool.map(({ id }) => id),
        channel,
        reason,
      );
      return describe(mute);
    },
  };
}

/** One question that cannot be decided anew does not keep the others from it; its own answer is decided again anyway. */
function attempt(task: () => void): void {
  try {
    task();
  } catch {}
}

function byGrant(decided: Decided, grant: KeptGrant, digest: string): Approval {
  const { id, effect, approval, channel, reason } = grant;
  const by = { grant: id, approval, channel, yes: { digest, approval, grant: id } };
  if (effect === 'allow') return { kind: 'permitted', decided, waitMs: 0, by };
  return refusal(decided, { reason: 'person_denied', disposition: 'denied', detail: reason, by });
}
