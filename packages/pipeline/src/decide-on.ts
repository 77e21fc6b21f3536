import type { EnforcementContext } from './context.ts';
import { classify } from './stages/classify.ts';
import { decideExchange } from './stages/decide.ts';
import type { Decided, Identified } from './stages/stage-results.ts';

/** Classify and decide; `again`: what was decided before. Whatever goes wrong on the way is a denial. */
export function decideOn(context: EnforcementContext, identified: Identified, again = false): Decided {
  try {
    return decideExchange(context, classify(context, identified), again);
  } catch {
    return {
      classified: { identified, class: 'access', access: undefined, problem: undefined },
      verdict: { effect: 'deny', reason: 'guard_failed', decision: undefined },
      evalMs: context.clock.monotonicMs() - identified.received.receivedMs,
    };
  }
}
