'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import { type RecentCalls, recentCallsOf } from './recent-calls.ts';

const none: RecentCalls = { calls: [], tools: [] };

/** The newest calls on record and the tools among them; none where the history cannot say. */
export function useRecentCalls(proxy: string): RecentCalls {
  const api = useApi();
  const { data } = useQuery(
    api.history.records.queryOptions(
      { proxy, type: 'decision', method: 'tools/call', limit: 200 },
      { select: recentCallsOf },
    ),
  );
  return data ?? none;
}
