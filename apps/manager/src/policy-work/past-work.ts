import { proposeRules } from '@mcp-acp/admin/propose-rules';
import { pathsOfReplay } from '@mcp-acp/admin/replay/home-of-replay';
import { replayPolicy } from '@mcp-acp/admin/replay/replay-policy';
import type { PastStep, PastWork } from './past-work-messages.ts';

/** Does it in this thread, in slices. Throws what `replayPolicy` and `proposeRules` throw. */
export function runPastWork(work: PastWork, signal: AbortSignal): AsyncIterable<PastStep> {
  const { at, proxy, days, home, now } = work;
  const task = { paths: pathsOfReplay(at), proxy, days, home, now };
  return work.kind === 'replay'
    ? replayPolicy({ ...task, text: work.text }, signal)
    : proposeRules({ ...task, call: work.call, effect: work.effect }, signal);
}
