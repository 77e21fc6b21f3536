'use client';

import { useEffect, useRef } from 'react';
import { type ApprovalKey, approvalKey, typingPlaces } from './approval-keys.ts';

/**
 * Hands over the keys of approvals that are pressed while this is there, except where somebody types. The handler says
 * whether it took the key.
 */
export function useApprovalKeys(
  isOn: boolean,
  take: (key: ApprovalKey, event: KeyboardEvent) => boolean,
): void {
  const newest = useRef(take);
  useEffect(() => {
    newest.current = take;
  });
  useEffect(() => {
    if (!isOn) return;
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const { target } = event;
      if (target instanceof Element && target.closest(typingPlaces) !== null) return;
      const key = approvalKey(event);
      if (key !== undefined && newest.current(key, event)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [isOn]);
}
