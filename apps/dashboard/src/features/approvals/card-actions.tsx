'use client';

import type { ApprovalCard, PendingApproval } from '@mcp-acp/shared/live/approval';
import { BellOff, Check, ChevronDown, MessageSquareX, Scale, X } from 'lucide-react';
import { type RefObject, Suspense, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { lazyPart } from '../../live/lazy-part.ts';
import { unreadMark } from './arguments-view.tsx';
import type { CardDialog } from './card-dialogs.tsx';
import { mayApproveHere } from './card-words.ts';
import { isInFront } from './in-front.ts';
import type { UsedGuard } from './use-answer-guard.ts';
import { useAnswering } from './use-answering.ts';
import { useApprovalKeys } from './use-approval-keys.ts';

const CardDialogs = lazyPart(async () => (await import('./card-dialogs.tsx')).CardDialogs);

interface CardActionsProps {
  readonly question: PendingApproval;
  readonly card: ApprovalCard | undefined;
  readonly guard: UsedGuard;
  readonly isCurrent: boolean;
  /** Everything that is asked for has been on the screen. */
  readonly isSeen: boolean;
  /** False where something is too long to be shown at all. */
  readonly canBeSeen: boolean;
  readonly onShowAll: () => void;
  readonly container: RefObject<HTMLElement | null>;
}

/** What can be answered. To deny is the default; to approve takes having been shown everything. */
export function CardActions({
  question,
  card,
  guard,
  isCurrent,
  isSeen,
  canBeSeen,
  onShowAll,
  container,
}: CardActionsProps) {
  const hint = useId();
  const [dialog, setDialog] = useState<CardDialog>();
  const [wasShownAll, setShownAll] = useState(false);
  const answering = useAnswering(card ?? question);
  const isHere = mayApproveHere(question);
  const isFree = guard.isReady && !answering.isBusy;
  const mayApprove = card !== undefined && isSeen && isHere;
  const mayGrant = mayApprove && question.offers.length > 0;

  /** Opens everything; once that is so, puts the keyboard where it is read on. */
  const showMore = (): void => {
    if (wasShownAll) container.current?.querySelector<HTMLElement>(`[${unreadMark}]`)?.focus();
    setShownAll(true);
    onShowAll();
  };

  /** What is pressed too early is nothing; what is pressed before all was seen shows it. */
  const approving = (event: { readonly timeStamp: number }, act: () => void): void => {
    if (!guard.allows(event) || answering.isBusy || !isHere || card === undefined) return;
    if (isSeen) return act();
    showMore();
  };
  const approve = (event: { readonly timeStamp: number }): void =>
    approving(event, () => answering.approve());
  const grant = (event: { readonly timeStamp: number }): void => {
    if (question.offers.length > 0) approving(event, () => setDialog('grant'));
  };
  const deny = (event: { readonly timeStamp: number }): void => {
    if (guard.allows(event) && !answering.isBusy) answering.deny();
  };

  useApprovalKeys(isCurrent, (key, event) => {
    if (container.current === null || !isInFront(container.current)) return false;
    if (key === 'approve') approve(event);
    else if (key === 'grant') grant(event);
    else if (key === 'deny') deny(event);
    else return false;
    return true;
  });

  const why = !isHere
    ? undefined
    : card !== undefined && !isSeen && canBeSeen
      ? wasShownAll
        ? 'Everything is open now. To approve, read it to its end.'
        : 'To approve, read everything to its end.'
      : wasShownAll && isSeen
        ? 'Everything has been shown.'
        : undefined;

  return (
    <div className="px-4 pt-3">
      {why !== undefined && (
        <p id={hint} className="mb-2 flex flex-wrap items-center gap-2 text-xs text-muted">
          {why}
          {!isSeen && canBeSeen && (
            <Button size="sm" onClick={showMore}>
              {wasShownAll ? 'Read on' : 'Show everything'}
            </Button>
          )}
        </p>
      )}
      <div className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center">
        <Button
          variant="primary"
          data-deny
          aria-disabled={!isFree}
          aria-keyshortcuts="d"
          onClick={deny}
          className="h-11 sm:h-8"
        >
          <X aria-hidden />
          Deny
          {isCurrent && <Key name="d" />}
        </Button>
        <Button
          aria-disabled={!isFree || !mayApprove}
          aria-keyshortcuts="a"
          aria-describedby={why === undefined ? undefined : hint}
          onClick={approve}
          className="h-11 text-good sm:h-8"
        >
          <Check aria-hidden />
          Approve once
          {isCurrent && <Key name="a" />}
        </Button>
        <Button
          aria-disabled={!isFree || !mayGrant}
          aria-keyshortcuts="g"
          title={
            question.offers.length > 0
              ? undefined
              : question.limited
                ? 'A rate limit asks about each call'
                : 'The rule allows one call at a time'
          }
          onClick={grant}
          className="h-11 sm:h-8"
        >
          Grant…
          {isCurrent && <Key name="g" />}
        </Button>
        <Menu
          trigger={
            <Button variant="ghost" className="h-11 sm:ml-auto sm:h-8" aria-disabled={!isFree}>
              More
              <ChevronDown aria-hidden />
            </Button>
          }
          items={[
            {
              label: 'Deny with a reason…',
              icon: <MessageSquareX aria-hidden />,
              onSelect: () => setDialog('reason'),
            },
            { label: 'Make it a rule…', icon: <Scale aria-hidden />, onSelect: () => setDialog('rule') },
            {
              label: 'Mute this tool…',
              icon: <BellOff aria-hidden />,
              disabled: question.tool === undefined,
              onSelect: () => setDialog('mute'),
            },
          ]}
        />
      </div>
      {dialog !== undefined && (
        <Suspense fallback={null}>
          <CardDialogs
            dialog={dialog}
            question={question}
            answering={answering}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The key that does the same, for who sees it; others are told by `aria-keyshortcuts`. */
function Key({ name }: { readonly name: string }) {
  return (
    <kbd
      aria-hidden
      className="ml-0.5 hidden rounded border border-current/30 px-1 font-mono text-2xs leading-4 opacity-70 sm:inline"
    >
      {name}
    </kbd>
  );
}
