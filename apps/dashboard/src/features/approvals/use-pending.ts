'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';

export interface Pending {
  /** Oldest first. */
  readonly questions: readonly PendingApproval[];
  /** When their times left were told. Milliseconds since the epoch. */
  readonly toldAtMs: number;
  /** Instances that run and could not be asked: what waits there is not among the questions. */
  readonly unheard: readonly { readonly name: string; readonly instance: string; readonly problem: string }[];
  readonly isKnown: boolean;
  readonly error: unknown;
}

const nothing: readonly never[] = [];

/** Events refresh it; where one was lost, what is seen is asked for again after this. Milliseconds. */
const againMs = 30_000;

/** What waits for a person in all proxies. One query, however many look at it. */
export function usePending(): Pending {
  const api = useApi();
  const { data, dataUpdatedAt, error } = useQuery(
    api.approvals.pending.queryOptions(undefined, {
      refetchInterval: againMs,
      refetchOnWindowFocus: 'always',
    }),
  );
  return {
    questions: data?.pending ?? nothing,
    toldAtMs: dataUpdatedAt,
    unheard: data?.unheard ?? nothing,
    isKnown: data !== undefined,
    error,
  };
}
