'use client';

import { useCallback, useMemo, useState } from 'react';

/** How much of the arguments a person has been shown. */
export interface Reading {
  readonly isOpen: (key: string) => boolean;
  readonly open: (key: string) => void;
  readonly close: (key: string) => void;
  /** All were opened at once, which counts as having been shown them. */
  readonly isAllOpen: boolean;
  readonly openAll: () => void;
  /** The end has been on the screen. */
  readonly isEndSeen: boolean;
  readonly seeEnd: () => void;
}

export function useReading(): Reading {
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set());
  const [isAllOpen, setAllOpen] = useState(false);
  const [isEndSeen, setEndSeen] = useState(false);
  const open = useCallback((key: string) => setOpened((before) => new Set(before).add(key)), []);
  const close = useCallback(
    (key: string) =>
      setOpened((before) => {
        const left = new Set(before);
        left.delete(key);
        return left;
      }),
    [],
  );
  const openAll = useCallback(() => setAllOpen(true), []);
  const seeEnd = useCallback(() => setEndSeen(true), []);
  return useMemo(
    () => ({
      isOpen: (key) => isAllOpen || opened.has(key),
      open,
      close,
      isAllOpen,
      openAll,
      isEndSeen,
      seeEnd,
    }),
    [opened, open, close, isAllOpen, openAll, isEndSeen, seeEnd],
  );
}

/** Whether nothing is left that was not shown. `closed`: long texts that are closed. */
export const isAllSeen = (
  reading: Pick<Reading, 'isAllOpen' | 'isEndSeen'>,
  shown: { readonly closed: number; readonly isWhole: boolean },
): boolean => shown.isWhole && (reading.isAllOpen || (shown.closed === 0 && reading.isEndSeen));
