'use client';

import { type FocusEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import { isInFront } from './in-front.ts';

export interface DenyFocus {
  /** The keyboard shall be on this card as soon as it is drawn. */
  readonly want: (approval: string) => void;
  /** For the element around all cards. */
  readonly onFocus: () => void;
  readonly onBlur: (event: FocusEvent) => void;
}

/**
 * Keeps the keyboard on the current card: on "Deny", which is the default. The focus moves there when it is wanted and
 * when the card it was on has gone; it is never taken from where somebody put it.
 */
export function useDenyFocus(
  frame: RefObject<HTMLElement | null>,
  current: string | undefined,
  isWantedAtFirst: boolean,
): DenyFocus {
  const wanted = useRef<string | boolean>(isWantedAtFirst);
  const wasInside = useRef(false);
  useEffect(() => {
    const { activeElement } = document;
    if (current === undefined || frame.current === null || !isInFront(frame.current)) return;
    // What was focused and is removed leaves the focus to the page, or to the dialog around it.
    const isLost = wasInside.current && (activeElement?.contains(frame.current) ?? true);
    if (wanted.current !== true && wanted.current !== current && !isLost) return;
    wanted.current = false;
    const card = frame.current.querySelector(`[data-approval="${CSS.escape(current)}"]`);
    card?.scrollIntoView({ block: 'nearest' });
    card?.querySelector<HTMLElement>('[data-deny]')?.focus({ preventScroll: true });
  }, [frame, current]);
  return {
    want: useCallback((approval: string) => {
      wanted.current = approval;
    }, []),
    onFocus: useCallback(() => {
      wasInside.current = true;
    }, []),
    onBlur: useCallback(({ currentTarget, relatedTarget }: FocusEvent) => {
      wasInside.current = currentTarget.contains(relatedTarget);
    }, []),
  };
}
