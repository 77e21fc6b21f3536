import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { EnforcementContext } from '../context.ts';
import type { Approval, Decided, Permitted, Proceed, Refused } from './stage-results.ts';

/** Asks a person where the verdict is ask. What is known at once goes on at once, so that order is kept. */
export function approve(context: EnforcementContext, decided: Decided, proceed: Proceed): void {
  if (decided.verdict?.effect === 'ask') context.approvals.ask(decided, proceed);
  else proceed(judged(decided));
}

/** For what goes on now or not at all, so that it cannot wait for a person. */
export function approveAtOnce(decided: Decided): Approval {
  if (decided.verdict?.effect !== 'ask') return judged(decided);
  return { kind: 'refused', decided, waitMs: 0, reason: 'nobody_could_be_asked', disposition: 'unanswered' };
}

/** What the verdict alone makes of it, where it is not ask. */
export function judged(decided: Decided): Permitted | Refused {
  const { verdict } = decided;
  if (verdict === undefined || verdict.effect === 'allow') return { kind: 'permitted', decided, waitMs: 0 };
  const reason = verdict.reason ?? 'policy_denied';
  const detail = decided.classified.problem;
  return { kind: 'refused', decided, waitMs: 0, reason, disposition: dispositionOf(reason), detail };
}

function dispositionOf(reason: ErrorCode): Refused['disposition'] {
  if (reason === 'rate_limited') return 'limited';
  return reason === 'invalid_params' ? 'malformed' : 'denied';
}
