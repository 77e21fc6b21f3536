'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';
import { boundsOf, prepareSeries } from '../../charts/prepare-series.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { formatCounted } from '../../components/format-number.ts';
import { useNow } from '../../components/time.tsx';

/** How many requests there were in each minute of the last hour. */
export function LastHour({ proxy }: { readonly proxy: string }) {
  const api = useApi();
  const { since, until } = boundsOf('1h', useNow());
  const { data: points } = useQuery(
    api.history.series.queryOptions(
      { proxy, since, until, bucketMinutes: 1 },
      { placeholderData: keepPreviousData },
    ),
  );
  if (points === undefined) return <div className="h-7" />;
  const columns = [{ value: ({ requests }: (typeof points)[number]) => requests, whenAbsent: 0 as const }];
  const { columns: filled } = prepareSeries({ points, since, until, bucketMinutes: 1, columns });
  const total = points.reduce((sum, { requests }) => sum + requests, 0);
  return <Sparkline points={filled[0] ?? []} label={`${formatCounted(total, 'request')} in the last hour`} />;
}
