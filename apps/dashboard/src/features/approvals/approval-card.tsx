'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { classNames } from '../../components/class-names.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { formatAgo } from '../../components/format-time.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { ArgumentsView } from './arguments-view.tsx';
import { CardActions } from './card-actions.tsx';
import { CardClocks } from './card-clocks.tsx';
import { CardDestinations, CardHeadline, CardRule, CardWarnings } from './card-facts.tsx';
import { OtherParameters } from './other-parameters.tsx';
import { useAnswerGuard } from './use-answer-guard.ts';
import { useCard } from './use-card.ts';
import { isAllSeen, useReading } from './use-reading.ts';
import { cardLabel } from './what-is-asked.ts';
import { isWholeObject } from './whole-object.ts';

export interface ApprovalCardProps {
  readonly question: PendingApproval;
  /** When its times left were told. Milliseconds since the epoch. */
  readonly toldAtMs: number;
  /** Its place among all that is shown: in another place it is guarded anew. */
  readonly index: number;
  /** It is the one that keys answer. */
  readonly isCurrent: boolean;
  /** Several instances of its proxy ask. */
  readonly namesInstance: boolean;
  readonly onCurrent: (approval: string) => void;
  /** Its height has changed, which moves what stands below it. */
  readonly onResized: (index: number) => void;
  /** Told when something above has moved it. Returns what stops that. */
  readonly whenMoved: (index: number, tell: () => void) => () => void;
}

/** A question with all a person decides on. What it asks for does not change: another digest is another card. */
export const ApprovalCard = memo(function ApprovalCard(props: ApprovalCardProps) {
  return <CardOfDigest key={props.question.digest} {...props} />;
});

function CardOfDigest({
  question,
  toldAtMs,
  index,
  isCurrent,
  namesInstance,
  onCurrent,
  onResized,
  whenMoved,
}: ApprovalCardProps) {
  const { approval, digest } = question;
  const article = useRef<HTMLElement>(null);
  const used = useCard(question);
  const reading = useReading();
  const [closed, setClosed] = useState(1);
  const otherReading = useReading();
  const [otherClosed, setOtherClosed] = useState(1);
  const guard = useAnswerGuard(`${approval} ${digest} ${index}`, isCurrent);
  const { touch } = guard;

  useEffect(() => whenMoved(index, touch), [whenMoved, index, touch]);
  useEffect(() => {
    const element = article.current;
    if (element === null) return;
    let height: number | undefined;
    const observer = new ResizeObserver(() => {
      const now = element.offsetHeight;
      if (height !== undefined && now !== height) {
        touch();
        onResized(index);
      }
      height = now;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [index, onResized, touch]);

  const { card, lastApproved } = used;
  // A list tells less of each question than its card does.
  const told = card?.digest === digest ? card : question;
  const other = card?.otherParameters;
  const isOtherWhole = useMemo(() => other === undefined || isWholeObject(other), [other]);
  const seen =
    card !== undefined &&
    isAllSeen(reading, { closed, isWhole: used.rest === undefined && card.digest === digest }) &&
    (other === undefined || isAllSeen(otherReading, { closed: otherClosed, isWhole: isOtherWhole }));
  const showAll = (): void => {
    reading.openAll();
    otherReading.openAll();
    used.rest?.load();
  };

  return (
    <article
      ref={article}
      aria-label={cardLabel(question)}
      aria-current={isCurrent}
      data-approval={approval}
      // What is clicked or reached by Tab is what the keys answer; only afterwards, so that the guard spares the click.
      onClick={() => onCurrent(approval)}
      // Keys are taken by the document, for the card that is the current one.
      onKeyDown={() => undefined}
      onFocus={({ target }) => {
        if (target.matches(':focus-visible')) onCurrent(approval);
      }}
      className={classNames(
        'min-w-0 scroll-mt-16 rounded-lg border bg-surface pb-3 shadow-card',
        isCurrent ? 'border-accent ring-1 ring-accent' : 'border-line',
      )}
    >
      <CardHeadline question={told} namesInstance={namesInstance}>
        <CardClocks question={question} toldAtMs={toldAtMs} />
      </CardHeadline>
      <CardWarnings question={told} />
      <CardDestinations question={told} />
      <div className="px-4 pt-2">
        {used.error !== null && card === undefined ? (
          <ErrorPanel error={used.error} />
        ) : card === undefined ? (
          <Skeleton className="h-16" />
        ) : (
          <>
            <ArgumentsView
              json={used.arguments}
              before={lastApproved?.arguments}
              beforeWords={lastApproved ? `the last approved call, ${formatAgo(lastApproved.time)}` : ''}
              reading={reading}
              onClosed={setClosed}
              {...(used.rest === undefined ? {} : { rest: used.rest })}
            />
            {lastApproved === null && question.tool !== undefined && (
              <p className="mt-1 text-xs text-muted">
                No approved call of this tool is known to compare with.
              </p>
            )}
            {other !== undefined && (
              <OtherParameters
                json={other}
                isCut={!isOtherWhole}
                reading={otherReading}
                onClosed={setOtherClosed}
              />
            )}
          </>
        )}
      </div>
      <CardRule question={told} />
      <CardActions
        question={told}
        card={card}
        guard={guard}
        isCurrent={isCurrent}
        isSeen={seen}
        canBeSeen={isOtherWhole}
        onShowAll={showAll}
        container={article}
      />
    </article>
  );
}
