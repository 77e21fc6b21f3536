'use client';

import { Drawer } from '../../components/dialog.tsx';
import { closeApprovals, useApprovalsDrawer } from './drawer-state.ts';
import { usePending } from './use-pending.ts';
import { WaitingList } from './waiting-list.tsx';

/** The drawer as it is when it is open. */
export function OpenDrawer() {
  const { first } = useApprovalsDrawer();
  const pending = usePending();
  return (
    <Drawer
      open
      onOpenChange={(open) => {
        if (!open) closeApprovals();
      }}
      title="Approvals"
      size="lg"
    >
      <WaitingList pending={pending} first={first} isFocused />
      <p className="mt-4 hidden text-xs text-muted sm:block">
        Keys: <b>a</b> approve once, <b>g</b> grant, <b>d</b> deny, <b>j</b> and <b>k</b> next and previous.
      </p>
    </Drawer>
  );
}
