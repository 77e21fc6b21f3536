import type { EnforcementContext } from './context.ts';
import { approve } from './stages/approve.ts';
import { classify } from './stages/classify.ts';
import { decideExchange } from './stages/decide.ts';
import { forward } from './stages/forward.ts';
import { identify } from './stages/identify.ts';
import { recordIntent } from './stages/record-intent.ts';
import { refuse } from './stages/refuse.ts';
import type { Approval, Decided, Identified, Received, Refused } from './stages/stage-results.ts';

/**
 * One request, in a straight line. Each stage takes the type the stage before it returns, so none can be left out or
 * moved. It runs without a pause unless a person is asked: requests leave in the order they came.
 */
export async function runExchange(context: EnforcementContext, received: Received): Promise<void> {
  const decided = decideOn(context, identify(context, received));
  const asked = approve(context, decided);
  const approval = asked instanceof Promise ? await held(context, decided, asked) : asked;
  if (approval.kind === 'refused') return refuse(context, approval);
  const failure = received.from === 'client' ? context.backendFailure() : undefined;
  if (failure !== undefined)
    return refuse(context, { ...ended(decided, failure.code, 'failed'), detail: failure.detail });
  const recorded = recordIntent(context, approval);
  if (recorded === undefined) return refuse(context, ended(decided, 'journal_unavailable', 'denied'));
  return forward(context, recorded);
}

/** Classify and decide. Whatever goes wrong on the way is a denial. */
export function decideOn(context: EnforcementContext, identified: Identified): Decided {
  try {
    return decideExchange(context, classify(context, identified));
  } catch {
    return {
      classified: { identified, class: 'access', access: undefined, problem: undefined },
      verdict: { effect: 'deny', reason: 'guard_failed', decision: undefined },
      evalMs: context.clock.monotonicMs() - identified.received.receivedMs,
    };
  }
}

async function held(
  context: EnforcementContext,
  decided: Decided,
  asked: Promise<Approval>,
): Promise<Approval> {
  const { message, from } = decided.classified.identified.received;
  try {
    const approval = await context.sides[from].held.wait(message.id, asked);
    return approval ?? ended(decided, 'policy_denied', 'cancelled');
  } catch {
    return ended(decided, 'guard_failed', 'denied');
  }
}

const ended = (
  decided: Decided,
  reason: Refused['reason'],
  disposition: Refused['disposition'],
): Refused => ({
  kind: 'refused',
  decided,
  waitMs: 0,
  reason,
  disposition,
});
