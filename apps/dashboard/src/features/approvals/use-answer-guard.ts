'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type GuardEvent, guardMs, mayAnswer, stepGuard, unguarded } from './answer-guard.ts';

export interface UsedGuard {
  /** For what buttons look like. What decides is {@link UsedGuard.allows}. */
  readonly isReady: boolean;
  /** Whether what was clicked or pressed counts. Its time stamp is one of `performance.now()`. */
  readonly allows: (event: { readonly timeStamp: number }) => boolean;
  /** What is seen has moved. */
  readonly touch: () => void;
}

/** Guards the buttons and keys of what is shown. `what` is another text where something else is seen, or elsewhere. */
export function useAnswerGuard(what: string | undefined, isUnderKeyboard: boolean): UsedGuard {
  const guard = useRef(unguarded);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isReady, setReady] = useState(false);

  const step = useCallback((event: GuardEvent): void => {
    const before = guard.current;
    guard.current = stepGuard(before, event, performance.now());
    if (guard.current === before) return;
    clearTimeout(timer.current);
    setReady(false);
    if (guard.current.shown === undefined) return;
    // Timers may be early by a fraction; the time that decides is the guard's.
    timer.current = setTimeout(() => setReady(true), guardMs + 5);
  }, []);

  useEffect(() => {
    if (what === undefined) return step({ type: 'hidden' });
    // Counts from the paint that shows it: a page that is busy shows it later than it was made, a hidden one not at all.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => step({ type: 'shown', what }));
    });
    return () => {
      cancelAnimationFrame(frame);
      step({ type: 'hidden' });
    };
  }, [what, step]);

  useEffect(() => {
    if (isUnderKeyboard) step({ type: 'focused' });
  }, [isUnderKeyboard, step]);

  useEffect(() => {
    const toFront = (): void => {
      if (document.visibilityState === 'visible') step({ type: 'focused' });
    };
    window.addEventListener('focus', toFront);
    document.addEventListener('visibilitychange', toFront);
    return () => {
      window.removeEventListener('focus', toFront);
      document.removeEventListener('visibilitychange', toFront);
      clearTimeout(timer.current);
    };
  }, [step]);

  const allows = useCallback(
    (event: { readonly timeStamp: number }): boolean => mayAnswer(guard.current, event.timeStamp),
    [],
  );
  const touch = useCallback((): void => step({ type: 'focused' }), [step]);
  return useMemo(() => ({ isReady, allows, touch }), [isReady, allows, touch]);
}
