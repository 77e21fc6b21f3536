import type { EnforcementContext } from '../context.ts';
import { judgeAll, type Verdict } from '../verdict.ts';
import type { Classified, Decided } from './stage-results.ts';

/** `again`: about a request that was decided before. */
export function decideExchange(context: EnforcementContext, classified: Classified, again = false): Decided {
  if (classified.class === 'discovery') {
    const reason = context.halted();
    const verdict: Verdict | undefined =
      reason === undefined ? undefined : { effect: 'deny', reason, decision: undefined };
    return { classified, verdict, evalMs: 0 };
  }
  const verdict: Verdict =
    classified.access !== undefined
      ? judgeAll(context.guards, classified.access, again)
      : { effect: 'deny', reason: 'invalid_params', decision: undefined };
  return {
    classified,
    verdict,
    evalMs: context.clock.monotonicMs() - classified.identified.received.receivedMs,
  };
}
