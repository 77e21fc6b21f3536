import { useSyncExternalStore } from 'react';

/** Whether the drawer is open, and with which question it began. It is one for the page, opened from anywhere on it. */
interface DrawerState {
  readonly isOpen: boolean;
  readonly first?: string;
}

const closed: DrawerState = { isOpen: false };
let state = closed;
const listeners = new Set<() => void>();

function become(next: DrawerState): void {
  state = next;
  for (const tell of [...listeners]) tell();
}

export const openApprovals = (first?: string): void =>
  become({ isOpen: true, ...(first === undefined ? {} : { first }) });

export const closeApprovals = (): void => become(closed);

export const useApprovalsDrawer = (): DrawerState =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => state,
    () => closed,
  );
