'use client';

import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { isInFront } from './in-front.ts';

/**
 * Keeps the keyboard on the current card: on "Deny", which is the default. The focus moves there when it is wanted and
 * when the card it was on has gone; it is never taken from where somebody put it. Returns what says that it is wanted on
 * a card, as soon as that is the current one.
 */
export function useDenyFocus(
  frame: RefObject<HTMLElement | null>,
  current: string | undefined,
  isWantedAtFirst: boolean,
): (approval: string) => void {
  const wanted = useRef<string | boolean>(isWantedAtFirst);
  const wasInside = useRef(false);
  useEffect(() => {
    const { activeElement } = document;
    if (current === undefined || frame.current === null || !isInFront(frame.current)) return;
    // What was focused and is removed leaves the focus to the page, or to the dialog around it.
    const isLost = wasInside.current && (activeElement?.contains(frame.current) ?? true);
    if (wanted.current !== true && wanted.current !== current && !isLost) return;
    wanted.current = false;
    wasInside.current = true;
    const card = frame.current.querySelector(`[data-approval="${CSS.escape(current)}"]`);
    card?.scrollIntoView({ block: 'nearest' });
    card?.querySelector<HTMLElement>('[data-deny]')?.focus({ preventScroll: true });
  }, [frame, current]);
  useEffect(() => {
    const focused = ({ target }: FocusEvent): void => {
      if (frame.current === null || !(target instanceof Node)) return;
      if (frame.current.contains(target)) wasInside.current = true;
      else if (!target.contains(frame.current)) wasInside.current = false;
    };
    document.addEventListener('focusin', focused);
    return () => document.removeEventListener('focusin', focused);
  }, [frame]);
  return useCallback((approval: string) => {
    wanted.current = approval;
  }, []);
}
