import type { BackendFailure, EnforcementContext } from './context.ts';
import { decideOn } from './decide-on.ts';
import { approve } from './stages/approve.ts';
import { forward } from './stages/forward.ts';
import { identify } from './stages/identify.ts';
import { recordIntent } from './stages/record-intent.ts';
import { refuse } from './stages/refuse.ts';
import type { Approval, Decided, Permitted, Received, Recorded, Refused } from './stages/stage-results.ts';

/**
 * One request, in a straight line. Each stage takes the type the stage before it returns, so none can be left out or
 * moved. It runs without a pause unless a person is asked: requests leave in the order they came. After an answer it
 * goes on in the turn of that answer, so nothing can come between.
 */
export function runExchange(context: EnforcementContext, received: Received): void {
  const decided = decideOn(context, identify(context, received));
  // Nobody is asked about what could not be sent.
  const failure = decided.verdict?.effect === 'ask' ? failureFor(context, received) : undefined;
  if (failure !== undefined) refuse(context, failed(decided, failure));
  else approve(context, decided, (approval) => conclude(context, approval));
}

function conclude(context: EnforcementContext, approval: Approval): 'released' | 'refused' {
  if (approval.kind === 'refused') return refuse(context, approval);
  const { decided, by } = approval;
  const failure = failureFor(context, decided.classified.identified.received);
  if (failure !== undefined)
    return refuse(context, { ...failed(decided, failure), ...(by === undefined ? {} : { by }) });
  const recorded = intentOf(context, approval);
  if (recorded === undefined) return refuse(context, ended(decided, 'journal_unavailable', 'denied'));
  forward(context, recorded);
  return 'released';
}

/** Whatever goes wrong with what is recorded, the call gets its answer. */
function intentOf(context: EnforcementContext, permitted: Permitted): Recorded | undefined {
  try {
    return recordIntent(context, permitted);
  } catch {
    return undefined;
  }
}

/** Why nothing of the client can reach the backend any more. */
const failureFor = (context: EnforcementContext, { from }: Received): BackendFailure | undefined =>
  from === 'client' ? context.backendFailure() : undefined;

const failed = (decided: Decided, { code, detail }: BackendFailure): Refused => ({
  ...ended(decided, code, 'failed'),
  detail,
});

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
