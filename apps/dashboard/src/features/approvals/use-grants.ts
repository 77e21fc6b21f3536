'use client';

import type { Grant } from '@mcp-acp/shared/live/approval';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';

export interface Grants {
  readonly grants: readonly Grant[];
  /** When their times left were told. Milliseconds since the epoch. */
  readonly toldAtMs: number;
  readonly isKnown: boolean;
  readonly error: unknown;
}

const nothing: readonly never[] = [];
/** What a grant has let through changes without a word. Milliseconds. */
const againMs = 15_000;

/** All grants and mutes that are in force, of all proxies or of one. */
export function useGrants(proxy?: string): Grants {
  const api = useApi();
  const { data, dataUpdatedAt, error } = useQuery(
    api.approvals.grants.queryOptions(undefined, { refetchInterval: againMs }),
  );
  const all = data?.grants ?? nothing;
  return {
    grants: proxy === undefined ? all : all.filter((grant) => grant.proxy.name === proxy),
    toldAtMs: dataUpdatedAt,
    isKnown: data !== undefined,
    error,
  };
}
