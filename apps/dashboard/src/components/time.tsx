'use client';

import { useSyncExternalStore } from 'react';
import { formatAgo, formatDateTime } from './format-time.ts';

const tickMs = 5_000;
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function watchClock(tell: () => void): () => void {
  listeners.add(tell);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const listener of [...listeners]) listener();
  }, tickMs);
  return () => {
    listeners.delete(tell);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The same moment for all that is drawn in one go. */
function readClock(): number {
  if (timer === undefined || now === 0) now = Math.floor(Date.now() / tickMs) * tickMs;
  return now;
}

/** The time in steps of five seconds, for what is said of how long ago something was. Milliseconds since the epoch. */
export const useNow = (): number => useSyncExternalStore(watchClock, readClock, () => 0);

/** How long ago it was, with the moment itself on it. RFC 3339 or milliseconds since the epoch. */
export function TimeAgo({
  time,
  className,
}: {
  readonly time: string | number;
  readonly className?: string;
}) {
  const read = useNow();
  const at = new Date(time);
  return (
    <time
      dateTime={Number.isNaN(at.getTime()) ? '' : at.toISOString()}
      title={formatDateTime(time)}
      className={className}
    >
      {formatAgo(time, read)}
    </time>
  );
}
