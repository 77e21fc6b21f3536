'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatBytes } from '../../../components/format-number.ts';

/** Says it where the history does not hold all yet. */
export function HistoryNote() {
  const api = useApi();
  const { data } = useQuery(api.history.state.queryOptions());
  if (data === undefined || data.state === 'current') return null;
  return (
    <p role="status" className="rounded-md bg-info-soft px-3 py-1.5 text-info text-xs">
      {data.state === 'unavailable' ? (
        <>The history cannot be read. {data.problem !== undefined && <ForeignText text={data.problem} />}</>
      ) : (
        `The history is ${data.state === 'rebuilding' ? 'being made anew' : 'catching up'}: ${formatBytes(data.behindBytes)} of the journals are not in it yet.`
      )}
    </p>
  );
}
