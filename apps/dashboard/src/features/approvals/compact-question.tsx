'use client';

import { memo, useEffect } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import type { ApprovalCardProps } from './approval-card.tsx';
import { NamedLine } from './named-line.tsx';
import { TimeLeft } from './ticking.tsx';
import { deadlineOf } from './time-left.ts';
import { useAnswerGuard } from './use-answer-guard.ts';
import { useAnswering } from './use-answering.ts';
import { cardLabel } from './what-is-asked.ts';
import { namedBy } from './what-it-names.ts';

/** One of many questions, in a line. It can be denied here; to approve it, it is opened. */
export const CompactQuestion = memo(function CompactQuestion({
  question,
  toldAtMs,
  index,
  onCurrent,
  whenMoved,
}: Omit<ApprovalCardProps, 'isCurrent' | 'namesInstance' | 'onResized'>) {
  const { approval, digest, state, holdLeftMs, openLeftMs, limited } = question;
  const answering = useAnswering(question);
  const guard = useAnswerGuard(`${approval} ${digest} ${index}`, false);
  const { touch } = guard;
  useEffect(() => whenMoved(index, touch), [whenMoved, index, touch]);
  return (
    <article
      aria-label={cardLabel(question)}
      data-approval={approval}
      className="flex items-center gap-2 rounded-md border border-line bg-surface py-1 pr-1.5 pl-3"
    >
      <div className="flex min-w-0 flex-1 flex-col gap-x-2 sm:flex-row sm:items-center">
        <span className="min-w-0 sm:flex-1">
          <NamedLine named={namedBy(question)} />
        </span>
        <TimeLeft
          deadlineMs={deadlineOf(state === 'held' ? holdLeftMs : openLeftMs, toldAtMs)}
          className="text-xs text-muted"
        />
      </div>
      {limited && <Badge tone="warn">rate limit</Badge>}
      <Button size="sm" onClick={() => onCurrent(approval)} className="h-9 sm:h-7">
        Open
      </Button>
      <Button
        size="sm"
        variant="danger-quiet"
        aria-disabled={!guard.isReady || answering.isBusy}
        onClick={(event) => {
          if (guard.allows(event)) answering.deny();
        }}
        className="h-9 sm:h-7"
      >
        Deny
      </Button>
    </article>
  );
});
