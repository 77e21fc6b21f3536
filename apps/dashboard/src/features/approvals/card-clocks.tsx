import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { TimeLeft } from './ticking.tsx';
import { deadlineOf } from './time-left.ts';

/** Both times that run out: how long the call waits, and how long the question can be answered. */
export function CardClocks({
  question: { state, holdLeftMs, openLeftMs, attempts },
  toldAtMs,
}: {
  readonly question: PendingApproval;
  readonly toldAtMs: number;
}) {
  return (
    <>
      {attempts > 1 && <>asked {attempts}× · </>}
      {state === 'held' ? (
        <>
          call waits <TimeLeft deadlineMs={deadlineOf(holdLeftMs, toldAtMs)} className="text-ink" /> · answer
          within{' '}
        </>
      ) : (
        'agent was told to try again · answer within '
      )}
      <TimeLeft deadlineMs={deadlineOf(openLeftMs, toldAtMs)} className="text-ink" />
    </>
  );
}
