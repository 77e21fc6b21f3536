import type { EnforcementContext } from '../context.ts';
import { judgeAll, type Verdict } from '../verdict.ts';
import type { Classified } from './classify.ts';

/** An exchange with everything the guards said about it. Discovery is allowed and carries no verdict. */
export interface Decided {
  readonly classified: Classified;
  readonly verdict: Verdict | undefined;
  /** From the request's last byte until all guards had spoken. Milliseconds. */
  readonly evalMs: number;
}

export function decideExchange(context: EnforcementContext, classified: Classified): Decided {
  if (classified.class === 'discovery') return { classified, verdict: undefined, evalMs: 0 };
  const verdict: Verdict =
    classified.access !== undefined
      ? judgeAll(context.guards, classified.access)
      : { effect: 'deny', reason: 'invalid_params', decision: undefined };
  return {
    classified,
    verdict,
    evalMs: context.clock.monotonicMs() - classified.identified.received.receivedMs,
  };
}
