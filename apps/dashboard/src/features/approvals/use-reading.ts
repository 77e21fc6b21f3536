'use client';

import { useCallback, useMemo, useState } from 'react';

/** How much of the arguments a person has been shown. */
export interface Reading {
  readonly isOpen: (key: string) => boolean;
  readonly open: (key: string) => void;
  readonly close: (key: string) => void;
  /** All were opened at once. */
  readonly isAllOpen: boolean;
  readonly openAll: () => void;
  /** The end of what is there now has been on the screen. */
  readonly isEndSeen: boolean;
  readonly seeEnd: () => void;
  /** Something else is there now, so that an end that was seen before is none. */
  readonly missEnd: () => void;
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
  const missEnd = useCallback(() => setEndSeen(false), []);
  const isOpen = useCallback((key: string) => isAllOpen || opened.has(key), [isAllOpen, opened]);
  return useMemo(
    () => ({ isOpen, open, close, isAllOpen, openAll, isEndSeen, seeEnd, missEnd }),
    [isOpen, open, close, isAllOpen, openAll, isEndSeen, seeEnd, missEnd],
  );
}

/**
 * Whether nothing is left that was not shown. That all is open does not do: of many lines only those on the screen are
 * drawn. `closed`: long texts that are closed.
 */
export const isAllSeen = (
  { isEndSeen }: Pick<Reading, 'isEndSeen'>,
  { closed, isWhole }: { readonly closed: number; readonly isWhole: boolean },
): boolean => isWhole && closed === 0 && isEndSeen;
