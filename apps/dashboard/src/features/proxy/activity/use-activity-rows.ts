'use client';

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from '../../../api/use-api.ts';
import { useLiveEvent } from '../../../live/event-handlers.ts';
import type { HistoryRecord } from '../answers.ts';
import { type ActivityFilters, queryOf } from './activity-filters.ts';
import { isProvisional, keyOf, type LiveRows, noLiveRows, rowOf, rowsOf, withLive } from './live-rows.ts';
import { firstLanes, readMerged } from './merge-pages.ts';
import { recordReader } from './read-records.ts';
import { recordKinds } from './record-kinds.ts';

/** What comes within this time is drawn at once. Milliseconds. */
const drawnEveryMs = 150;
/** The history is a moment behind the events. Milliseconds. */
const headAfterMs = 700;
const headAgainMs = 2_000;
const mostHeadAttempts = 5;
const headLength = 50;
/** What came into the history without an event that this page has heard, before it listened, say. Milliseconds. */
const headEveryMs = 4_000;

const eventsWithRecords = [
  'call_decided',
  'call_finished',
  'approval_asked',
  'approval_open',
  'approval_ended',
  'grants_changed',
  'policy_reloaded',
  'config_reloaded',
  'incident',
  'backend_state',
  'client_identified',
  'tools_changed',
  'proxy_registered',
  'proxy_disconnected',
] as const;
/** After these there may be records that no event told of. */
const eventsOfAGap = ['history_state', 'manager_started', 'resync'] as const;

export interface ActivityRows {
  readonly rows: readonly HistoryRecord[];
  readonly error: Error | null;
  readonly isReading: boolean;
  readonly isReadingMore: boolean;
  readonly hasMore: boolean;
  readMore(): void;
  again(): void;
}

/** The rows of the table: pages of the history, and while `isLive`, what happens put in front. One component a set of filters. */
export function useActivityRows(options: {
  readonly proxy: string;
  readonly filters: ActivityFilters;
  readonly isLive: boolean;
}): ActivityRows {
  const { proxy, filters, isLive } = options;
  const client = useClient();
  const queryClient = useQueryClient();
  const [live, setLive] = useState<LiveRows>(noLiveRows);
  const queryKey = useMemo(() => ['activity', proxy, filters] as const, [proxy, filters]);
  const query = useMemo(() => queryOf(proxy, filters, Date.now()), [proxy, filters]);
  const { types } = recordKinds[filters.kind];

  const history = useInfiniteQuery({
    queryKey,
    initialPageParam: firstLanes(types),
    queryFn: ({ pageParam, signal }) => readMerged(pageParam, recordReader(client, query, signal)),
    getNextPageParam: ({ next }) => next,
    // What is new comes as events; whoever comes back to the table reads it anew.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const { fetchNextPage, refetch } = history;

  const again = useCallback(() => {
    setLive(noLiveRows);
    void queryClient.resetQueries({ queryKey });
  }, [queryClient, queryKey]);

  /** What is shown; where the newest page has nothing of it, something in between is missing. */
  const known = useRef<ReadonlySet<string>>(new Set());
  const readHead = useCallback(async () => {
    const read = recordReader(client, { ...query, limit: headLength });
    const { records, next } = await readMerged(firstLanes(types), read);
    const isApart = next !== undefined && records.every((record) => !known.current.has(keyOf(record)));
    setLive((rows) => withLive(isApart ? { ...rows, isGapped: true } : rows, { records }));
  }, [client, query, types]);
  const newest = useRef(live);
  newest.current = live;
  const follow = useHead(readHead, () => [...newest.current.records.values()].some(isProvisional));

  const come = useRef<{
    records: HistoryRecord[];
    finished: Parameters<typeof withLive>[1]['finished'] & object;
  }>({
    records: [],
    finished: [],
  });
  const drawing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(drawing.current), []);
  useLiveEvent(eventsWithRecords, (event) => {
    if (!isLive || event.proxy?.name !== proxy || filters.until !== undefined) return;
    const waiting = come.current;
    if (event.type === 'call_decided') {
      const row = rowOf(event, filters);
      if (row !== undefined) waiting.records.push(row);
    } else if (event.type === 'call_finished') {
      waiting.finished = [...waiting.finished, event];
    }
    drawing.current ??= setTimeout(() => {
      drawing.current = undefined;
      setLive((rows) => withLive(rows, waiting));
      come.current = { records: [], finished: [] };
    }, drawnEveryMs);
    follow();
  });

  useEffect(() => {
    if (!isLive || filters.until !== undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void readHead().catch(() => undefined);
    }, headEveryMs);
    return () => clearInterval(timer);
  }, [isLive, filters.until, readHead]);

  useLiveEvent(eventsOfAGap, () => {
    if (isLive) follow();
  });

  useEffect(() => {
    if (live.isGapped) again();
  }, [live.isGapped, again]);

  const pages = useMemo(() => history.data?.pages.flatMap(({ records }) => records) ?? [], [history.data]);
  const rows = useMemo(() => rowsOf(pages, live), [pages, live]);
  known.current = useMemo(() => new Set(rows.map(keyOf)), [rows]);
  return {
    rows,
    error: history.error,
    isReading: history.isPending,
    isReadingMore: history.isFetchingNextPage,
    hasMore: history.hasNextPage,
    readMore: useCallback(() => void fetchNextPage(), [fetchNextPage]),
    again: useCallback(() => void refetch(), [refetch]),
  };
}

/** Reads the newest page a moment after something happened, and again while it does not hold yet what was told. */
function useHead(read: () => Promise<void>, isIncomplete: () => boolean): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wanted = useRef({ read, isIncomplete });
  wanted.current = { read, isIncomplete };
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    const plan = (afterMs: number, attempts: number): void => {
      timer.current ??= setTimeout(async () => {
        // What fails here is tried again with the next event; the table itself shows what is wrong.
        await wanted.current.read().catch(() => undefined);
        timer.current = undefined;
        if (attempts > 1 && wanted.current.isIncomplete()) plan(headAgainMs, attempts - 1);
      }, afterMs);
    };
    plan(headAfterMs, mostHeadAttempts);
  }, []);
}
