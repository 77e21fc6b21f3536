'use client';

import { type RefObject, useCallback, useMemo, useState } from 'react';
import type { HistoryRecord } from '../answers.ts';
import { keyOf } from './live-rows.ts';

/** So far from the top somebody reads, and what is new waits. Pixels. */
const readingFrom = 24;

/** Holds back what is new while somebody has scrolled down, so that what is read does not move away under the eyes. */
export function usePinnedTop(all: readonly HistoryRecord[], scroll: RefObject<HTMLElement | null>) {
  /** The row that was on top when reading began. */
  const [pinned, setPinned] = useState<string>();
  const newest = all[0];
  const onScroll = useCallback(() => {
    const isReading = (scroll.current?.scrollTop ?? 0) > readingFrom;
    setPinned((held) =>
      isReading ? (held ?? (newest === undefined ? undefined : keyOf(newest))) : undefined,
    );
  }, [scroll, newest]);
  const toTop = useCallback(() => {
    setPinned(undefined);
    scroll.current?.scrollTo({ top: 0 });
  }, [scroll]);
  const waiting = useMemo(() => {
    if (pinned === undefined) return 0;
    return Math.max(
      0,
      all.findIndex((record) => keyOf(record) === pinned),
    );
  }, [all, pinned]);
  const rows = useMemo(() => (waiting === 0 ? all : all.slice(waiting)), [all, waiting]);
  return { rows, waiting, onScroll, toTop };
}
