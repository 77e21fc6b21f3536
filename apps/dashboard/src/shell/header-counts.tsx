'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../api/use-api.ts';
import { formatCount } from '../components/format-number.ts';

const pill =
  '-ml-1 mr-1 inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full px-1.5 text-2xs font-semibold tabular-nums';

/** What waits for a person in all proxies, in the title of the window too. */
export function PendingCount() {
  const api = useApi();
  const { data } = useQuery(api.approvals.pending.queryOptions());
  const count = data?.pending.length ?? 0;
  useEffect(() => {
    document.title = count === 0 ? 'mcp-acp' : `(${count}) mcp-acp`;
    return () => {
      document.title = 'mcp-acp';
    };
  }, [count]);
  if (count === 0) return null;
  return (
    <span className={`${pill} bg-warn-soft text-warn`}>
      {formatCount(count)}
      <span className="sr-only"> waiting for you</span>
    </span>
  );
}

/** Incidents nobody has looked at yet. */
export function IncidentCount() {
  const api = useApi();
  const { data } = useQuery(api.history.incidents.queryOptions({ unreadOnly: true, limit: 50 }));
  const count = data?.unread ?? 0;
  if (count === 0) return null;
  return (
    <span className={`${pill} bg-bad-soft text-bad`}>
      {formatCount(count)}
      <span className="sr-only"> unread</span>
    </span>
  );
}
