'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Badge } from '../../components/badge.tsx';
import { ForeignText, shownText } from '../../components/foreign-text.tsx';
import { formatCount } from '../../components/format-number.ts';
import { ApprovalCard, type ApprovalCardProps } from './approval-card.tsx';
import { CompactQuestion } from './compact-question.tsx';
import { DenyAll } from './deny-all.tsx';
import type { PendingGroup, WaitingRow } from './group-pending.ts';

const estimatedPx = { group: 44, question: 46, card: 420 } as const;

/** Hundreds of questions in their groups. Only what is on the screen is drawn; the current one is drawn whole. */
export function ManyQuestions({
  rows,
  current,
  cardOf,
  onToggle,
}: {
  readonly rows: readonly WaitingRow[];
  readonly current: string | undefined;
  readonly cardOf: (question: PendingApproval) => Omit<ApprovalCardProps, 'question' | 'index'>;
  readonly onToggle: (group: string) => void;
}) {
  const scroll = useRef<HTMLUListElement>(null);
  const indexOfCurrent = rows.findIndex(
    (row) => row.kind === 'question' && row.question.approval === current,
  );
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) =>
      index === indexOfCurrent ? estimatedPx.card : estimatedPx[rows[index]?.kind ?? 'question'],
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : row.kind === 'group' ? row.group.key : row.question.approval;
    },
    overscan: 6,
  });
  useEffect(() => {
    if (indexOfCurrent >= 0) list.scrollToIndex(indexOfCurrent, { align: 'auto' });
  }, [indexOfCurrent, list]);
  return (
    <ul
      ref={scroll}
      aria-label="Waiting"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className="relative h-[max(20rem,calc(100dvh-13.5rem))] overflow-y-auto overscroll-contain pr-1"
    >
      <li aria-hidden style={{ height: list.getTotalSize() }} />
      {list.getVirtualItems().map(({ key, index, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <li
            key={key}
            ref={list.measureElement}
            data-index={index}
            className="absolute inset-x-0 top-0 py-1 pr-1 pl-0.5"
            style={{ transform: `translateY(${start}px)` }}
          >
            {row.kind === 'group' ? (
              <GroupHead group={row.group} isClosed={row.isClosed} onToggle={onToggle} />
            ) : row.question.approval === current ? (
              <ApprovalCard question={row.question} index={index} {...cardOf(row.question)} />
            ) : (
              <CompactQuestion question={row.question} index={index} {...cardOf(row.question)} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function GroupHead({
  group,
  isClosed,
  onToggle,
}: {
  readonly group: PendingGroup;
  readonly isClosed: boolean;
  readonly onToggle: (group: string) => void;
}) {
  const { key, what, kind, proxy, rule, questions } = group;
  const Icon = isClosed ? ChevronRight : ChevronDown;
  return (
    <div className="flex items-center gap-2 rounded-md bg-sunken px-2 py-1">
      <button
        type="button"
        aria-expanded={!isClosed}
        onClick={() => onToggle(key)}
        className="flex min-h-8 min-w-0 flex-1 items-center gap-1.5 rounded text-left text-sm"
      >
        <Icon aria-hidden className="size-4 shrink-0 text-muted" />
        <span className="min-w-0 truncate">
          {kind !== undefined && <span className="text-muted">{kind} </span>}
          <ForeignText text={what} max={80} className="font-mono font-medium" />
          <span className="text-muted">
            {' '}
            on {proxy}
            {rule === undefined ? '' : ` · ${rule}`}
          </span>
        </span>
        <Badge tone="warn">{formatCount(questions.length)}</Badge>
      </button>
      <DenyAll questions={questions} words={`of ${shownText(what, 60)}`} size="sm" className="h-9 sm:h-7">
        Deny {formatCount(questions.length)}…
      </DenyAll>
    </div>
  );
}
