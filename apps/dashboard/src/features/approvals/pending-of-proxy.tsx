'use client';

import { Button } from '../../components/button.tsx';
import { formatCount } from '../../components/format-number.ts';
import { AskedName } from './asked-name.tsx';
import { openApprovals } from './drawer-state.ts';
import { NamedLine } from './named-line.tsx';
import { TimeLeft } from './ticking.tsx';
import { deadlineOf } from './time-left.ts';
import { usePending } from './use-pending.ts';
import { namedBy } from './what-it-names.ts';

const shownAtOnce = 5;

/** What waits in one proxy, each a line that leads to its card. */
export function PendingOfProxy({ proxy }: { readonly proxy: string }) {
  const { questions, toldAtMs } = usePending();
  const own = questions.filter((question) => question.proxy.name === proxy);
  if (own.length === 0) return <p className="text-sm text-muted">Nothing waits for you here.</p>;
  return (
    <ul aria-label="Waiting" className="divide-y divide-line">
      {own.slice(0, shownAtOnce).map((question) => {
        const { state, holdLeftMs, openLeftMs } = question;
        return (
          <li key={question.approval} className="flex items-center gap-3 py-1.5">
            <div className="min-w-0 flex-1">
              <AskedName question={question} max={80} className="text-sm font-medium" />
              <NamedLine named={namedBy(question)} />
            </div>
            <TimeLeft
              deadlineMs={deadlineOf(state === 'held' ? holdLeftMs : openLeftMs, toldAtMs)}
              className="text-xs text-muted"
            />
            <Button size="sm" className="h-9 sm:h-7" onClick={() => openApprovals(question.approval)}>
              Review
            </Button>
          </li>
        );
      })}
      {own.length > shownAtOnce && (
        <li className="py-1.5">
          <Button variant="link" onClick={() => openApprovals(own[shownAtOnce]?.approval)}>
            {formatCount(own.length - shownAtOnce)} more
          </Button>
        </li>
      )}
    </ul>
  );
}
