'use client';

import { useSyncExternalStore } from 'react';
import { classNames } from '../../components/class-names.ts';
import { timeLeftWords } from './time-left.ts';

const tickMs = 1_000;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** One clock for all labels; each is drawn again by itself, and only where its words have changed. */
function watchSeconds(tell: () => void): () => void {
  listeners.add(tell);
  timer ??= setInterval(() => {
    for (const listener of [...listeners]) listener();
  }, tickMs);
  return () => {
    listeners.delete(tell);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const useTimeLeft = (deadlineMs: number): string =>
  useSyncExternalStore(
    watchSeconds,
    () => timeLeftWords(deadlineMs - Date.now()),
    () => '',
  );

const hurryMs = 15_000;

/** How long is left until then. `deadlineMs`: milliseconds since the epoch, by this page's clock. */
export function TimeLeft({
  deadlineMs,
  className,
}: {
  readonly deadlineMs: number;
  readonly className?: string;
}) {
  const words = useTimeLeft(deadlineMs);
  const hurries = deadlineMs - Date.now() < hurryMs;
  return (
    <span className={classNames('tabular-nums', className, hurries && 'font-semibold text-bad')} role="timer">
      {words}
    </span>
  );
}
