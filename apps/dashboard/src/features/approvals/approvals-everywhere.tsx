'use client';

import { ShieldQuestion } from 'lucide-react';
import { Suspense, useEffect } from 'react';
import { Button } from '../../components/button.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { formatCount } from '../../components/format-number.ts';
import { lazyPart } from '../../live/lazy-part.ts';
import { AskedName } from './asked-name.tsx';
import { openApprovals, useApprovalsDrawer } from './drawer-state.ts';
import { waitingListMark } from './in-front.ts';
import { TimeLeft } from './ticking.tsx';
import { deadlineOf } from './time-left.ts';
import { useApprovalKeys } from './use-approval-keys.ts';
import { usePending } from './use-pending.ts';

const loadDrawer = () => import('./open-drawer.tsx');
// What only who is asked needs is no part of every page.
const OpenDrawer = lazyPart(async () => (await loadDrawer()).OpenDrawer);

/** On every page: that somebody waits, for what first, and the way to answer. */
export function ApprovalsBanner() {
  const { questions, toldAtMs } = usePending();
  const [first] = questions;
  const isAsked = first !== undefined;
  useEffect(() => {
    if (isAsked) void loadDrawer().catch(() => undefined);
  }, [isAsked]);
  // The first key brings what is asked for to the front; nothing is answered that is not seen.
  useApprovalKeys(isAsked, () => {
    const isBusy =
      document.querySelector(`[role="dialog"], [role="alertdialog"], [${waitingListMark}]`) !== null;
    if (!isBusy) openApprovals();
    return !isBusy;
  });
  if (first === undefined) return null;
  const { proxy, client, state, holdLeftMs, openLeftMs } = first;
  const more = questions.length - 1;
  return (
    <section aria-label="Waiting for you" className="border-b border-warn-solid/50 bg-warn-soft text-ink">
      <div className="mx-auto flex max-w-7xl items-center gap-3 px-4 py-2 sm:px-6">
        <ShieldQuestion aria-hidden className="size-5 shrink-0 text-warn" />
        <p className="min-w-0 flex-1 text-sm">
          <span className="block truncate sm:inline">
            {client === undefined ? 'A client' : <ForeignText text={client} max={60} />} wants{' '}
            <AskedName question={first} max={80} className="font-semibold" /> on {proxy.name}
          </span>
          <span className="block text-xs text-muted sm:ml-2 sm:inline">
            {more > 0 && `and ${formatCount(more)} more · `}
            <TimeLeft deadlineMs={deadlineOf(state === 'held' ? holdLeftMs : openLeftMs, toldAtMs)} /> left
          </span>
        </p>
        <span role="status" className="sr-only">
          {questions.length === 1 ? '1 call waits for you' : `${questions.length} calls wait for you`}
        </span>
        <Button variant="primary" className="h-10 sm:h-8" onClick={() => openApprovals()}>
          Review
        </Button>
      </div>
    </section>
  );
}

/** All that waits, over any page. */
export function ApprovalsDrawer() {
  const { isOpen } = useApprovalsDrawer();
  return isOpen ? (
    <Suspense fallback={null}>
      <OpenDrawer />
    </Suspense>
  ) : null;
}
