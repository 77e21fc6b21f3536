'use client';

import { isEndOfApproval } from '@mcp-acp/shared/live/approval-end';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';
import { type HistoryFilters, historyQuery } from './history-filters.ts';

interface OfCall {
  readonly instance: string;
  readonly requestId?: string | undefined;
}

const keyOf = ({ instance, requestId }: OfCall): string => `${instance} ${requestId}`;

const mostSteps = 200;
const againMs = 4_000;

/** How questions ended whose call had been told to try again before; of those that are not long ago. */
export function useLaterEnds(
  filters: Pick<HistoryFilters, 'proxy' | 'tool'>,
  isWanted: boolean,
): (call: OfCall) => string | undefined {
  const api = useApi();
  const { data } = useQuery(
    api.history.records.queryOptions(
      { ...historyQuery({ ...filters, view: 'steps', text: '' }), limit: mostSteps },
      { enabled: isWanted, staleTime: 0, refetchInterval: againMs },
    ),
  );
  const ends = new Map(
    data?.records.flatMap((record): readonly [string, string][] =>
      record.event !== undefined && isEndOfApproval(record.event) ? [[keyOf(record), record.event]] : [],
    ),
  );
  return (call) => ends.get(keyOf(call));
}
