import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Answer } from '../approver.ts';
import type { EnforcementContext } from '../context.ts';
import type { Approval, Decided, Refused } from './stage-results.ts';

/** Asks a person where the verdict is ask. What is known at once comes without a promise, so order is kept. */
export function approve(context: EnforcementContext, decided: Decided): Approval | Promise<Approval> {
  const { verdict } = decided;
  if (verdict === undefined || verdict.effect === 'allow') return { kind: 'permitted', decided, waitMs: 0 };
  if (verdict.effect === 'deny') {
    const reason = verdict.reason ?? 'policy_denied';
    const detail = decided.classified.problem;
    return { kind: 'refused', decided, waitMs: 0, reason, disposition: dispositionOf(reason), detail };
  }
  const askedMs = context.clock.monotonicMs();
  const conclude = (answer: Answer): Approval => {
    const waitMs = context.clock.monotonicMs() - askedMs;
    if (answer.kind === 'approved') return { kind: 'permitted', decided, waitMs };
    if (answer.kind === 'refused') {
      return { kind: 'refused', decided, waitMs, reason: 'policy_denied', disposition: 'denied' };
    }
    return {
      kind: 'refused',
      decided,
      waitMs: 0,
      reason: 'nobody_could_be_asked',
      disposition: 'unanswered',
    };
  };
  const answer = context.approver.ask(decided);
  return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
}

function dispositionOf(reason: ErrorCode): Refused['disposition'] {
  if (reason === 'rate_limited') return 'limited';
  return reason === 'invalid_params' ? 'malformed' : 'denied';
}
