'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { CircleCheck } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatCount, formatCounted } from '../../components/format-number.ts';
import { Loading } from '../../components/skeleton.tsx';
import { ApprovalCard, type ApprovalCardProps } from './approval-card.tsx';
import { DenyAll } from './deny-all.tsx';
import {
  askedBySeveral,
  groupPending,
  neighbour,
  type PendingGroup,
  shownWhole,
  waitingRows,
} from './group-pending.ts';
import { isInFront, waitingListMark } from './in-front.ts';
import { ManyQuestions } from './many-questions.tsx';
import { createMovedCards } from './moved-cards.ts';
import { useApprovalKeys } from './use-approval-keys.ts';
import { useDenyFocus } from './use-deny-focus.ts';
import { useEndedElsewhere } from './use-ended-elsewhere.ts';
import type { Pending } from './use-pending.ts';

const ungrouped: readonly PendingGroup[] = [];

/** Everything that waits, to be answered: a few as whole cards, many grouped with one of them open. */
export function WaitingList({
  pending,
  first,
  isFocused = false,
}: {
  readonly pending: Pending;
  /** The question to begin with; else the one that waits longest. */
  readonly first?: string | undefined;
  /** The keyboard comes here at once. */
  readonly isFocused?: boolean;
}) {
  const { questions, toldAtMs, unheard } = pending;
  const frame = useRef<HTMLDivElement>(null);
  const [moved] = useState(createMovedCards);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const groups = useMemo(() => groupPending(questions), [questions]);
  const severalAsk = useMemo(() => askedBySeveral(questions), [questions]);
  const isMany = questions.length > shownWhole;
  const rows = useMemo(() => waitingRows(groups, toggled), [groups, toggled]);
  const inOrder = useMemo(
    () =>
      isMany
        ? rows.flatMap((row) => (row.kind === 'question' ? [row.question.approval] : []))
        : questions.map(({ approval }) => approval),
    [isMany, rows, questions],
  );
  const [current, setCurrent] = useCurrent(inOrder, isMany ? groups : ungrouped, first);
  useEndedElsewhere(questions);
  const wantFocus = useDenyFocus(frame, current, isFocused);

  useApprovalKeys(inOrder.length > 0, (key) => {
    if (frame.current === null || !isInFront(frame.current) || (key !== 'next' && key !== 'previous')) {
      return false;
    }
    const at = { approval: current, index: 0 };
    const to = neighbour(inOrder, at, key === 'next' ? 1 : -1);
    if (to !== undefined && to !== current) {
      wantFocus(to);
      setCurrent(to);
    }
    return true;
  });

  const cardOf = ({ approval, proxy }: PendingApproval): Omit<ApprovalCardProps, 'question' | 'index'> => ({
    toldAtMs,
    isCurrent: approval === current,
    namesInstance: severalAsk.has(proxy.name),
    onCurrent: setCurrent,
    onResized: moved.moved,
    whenMoved: moved.whenMoved,
  });

  if (!pending.isKnown) return pending.error === null ? <Loading /> : <ErrorPanel error={pending.error} />;
  return (
    <div ref={frame} {...{ [waitingListMark]: '' }} className="space-y-3">
      {unheard.map(({ name, instance, problem }) => (
        <p key={instance} role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-sm">
          {name} could not be asked what waits there: <ForeignText text={problem} max={300} />
        </p>
      ))}
      {questions.length === 0 && unheard.length === 0 && (
        <EmptyState title="Nothing waits for you" icon={<CircleCheck aria-hidden />}>
          Calls that your rules ask about appear here, and on a banner on every page.
        </EmptyState>
      )}
      {questions.length > 1 && (
        <div className="flex flex-wrap items-center gap-2">
          <p className="text-sm text-muted">
            {formatCounted(questions.length, 'call')} wait
            {isMany && groups.length > 1 ? ` in ${groups.length} groups` : ''}
          </p>
          <DenyAll questions={questions} words="that wait" size="sm" className="ml-auto h-9 sm:h-7">
            Deny all {formatCount(questions.length)}…
          </DenyAll>
        </div>
      )}
      {isMany ? (
        <ManyQuestions
          rows={rows}
          current={current}
          cardOf={cardOf}
          onToggle={(group) =>
            setToggled((before) => {
              const next = new Set(before);
              if (!next.delete(group)) next.add(group);
              return next;
            })
          }
        />
      ) : (
        <ul aria-label="Waiting" className="space-y-3">
          {questions.map((question, index) => (
            <li key={question.approval}>
              <ApprovalCard question={question} index={index} {...cardOf(question)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The question that keys answer. Where it goes, the next is one of its group, else the one that takes its place. */
function useCurrent(
  inOrder: readonly string[],
  groups: readonly PendingGroup[],
  first: string | undefined,
): readonly [string | undefined, (approval: string) => void] {
  const [chosen, setChosen] = useState<string | undefined>(first);
  const place = useRef<{ readonly index: number; readonly group?: string }>({ index: 0 });
  const { index, group } = place.current;
  const alike = groups.find(({ key }) => key === group)?.questions.map(({ approval }) => approval);
  const current = neighbour(
    inOrder,
    { approval: chosen, index, ...(alike === undefined ? {} : { alike: new Set(alike) }) },
    0,
  );
  useEffect(() => {
    if (current === undefined) return;
    const own = groups.find(({ questions }) => questions.some(({ approval }) => approval === current));
    place.current = {
      index: Math.max(0, inOrder.indexOf(current)),
      ...(own === undefined ? {} : { group: own.key }),
    };
    if (current !== chosen) setChosen(current);
  }, [current, chosen, inOrder, groups]);
  return [current, setChosen];
}
