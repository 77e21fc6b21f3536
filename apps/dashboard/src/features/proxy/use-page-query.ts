'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

/** The query of the page's address, and a way to change it that makes no new entry in the browser's history. */
export function usePageQuery(): readonly [
  URLSearchParams,
  (change: (query: URLSearchParams) => URLSearchParams) => void,
] {
  const query = useSearchParams();
  const change = useCallback((next: (query: URLSearchParams) => URLSearchParams) => {
    // From the address itself: two changes in one turn must not undo each other.
    const text = next(new URLSearchParams(window.location.search)).toString();
    window.history.replaceState(null, '', `${window.location.pathname}${text === '' ? '' : `?${text}`}`);
  }, []);
  return [query, change];
}
