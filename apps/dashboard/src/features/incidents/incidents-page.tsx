'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CheckCheck, CircleCheck } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { formatCount } from '../../components/format-number.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Loading } from '../../components/skeleton.tsx';
import { useNow } from '../../components/time.tsx';
import { FilterLine } from './filter-line.tsx';
import { type IncidentFilters, isFiltered, queryOf, readFilters } from './incident-filters.ts';
import { IncidentTable } from './incident-table.tsx';

const keptAs = 'mcp-acp-incidents';

/** What is remembered, unless a link asks for one proxy's. */
function useFilters(): readonly [IncidentFilters, (next: IncidentFilters) => void] {
  const linked = useSearchParams().get('proxy');
  const [chosen, setChosen] = useState(() => readFilters(localStorage.getItem(keptAs)));
  const filters = linked === null ? chosen : { ...chosen, proxy: linked };
  const choose = (next: IncidentFilters): void => {
    if (linked !== null) history.replaceState(null, '', location.pathname);
    setChosen(next);
    if (isFiltered(next)) localStorage.setItem(keptAs, JSON.stringify(next));
    else localStorage.removeItem(keptAs);
  };
  return [filters, choose];
}

export function IncidentsPage() {
  const api = useApi();
  const queryClient = useQueryClient();
  const [filters, setFilters] = useFilters();
  const now = useNow();
  const { data: proxies } = useQuery(api.proxies.list.queryOptions());
  const found = useInfiniteQuery(
    api.history.incidents.infiniteQueryOptions(queryOf(filters, now), {
      getNextPageParam: ({ cursor }) => cursor,
    }),
  );
  const read = useMutation(
    api.history.readIncidents.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(api.history.incidents.pathFilter()),
    }),
  );
  const incidents = found.data?.pages.flatMap((page) => page.incidents);
  const unread = found.data?.pages[0]?.unread ?? 0;
  return (
    <>
      <PageHeader title="Incidents" note={unread === 0 ? undefined : `${formatCount(unread)} unread`}>
        <Button disabled={unread === 0 || read.isPending} onClick={() => read.mutate({ until: Date.now() })}>
          <CheckCheck aria-hidden />
          Mark all as read
        </Button>
      </PageHeader>
      <FilterLine filters={filters} onChange={setFilters} proxies={proxies?.map(({ name }) => name) ?? []} />
      {found.error !== null && (
        <ErrorPanel error={found.error} onRetry={() => void found.refetch()} className="mb-4" />
      )}
      <Card>
        {incidents === undefined && found.error === null && <Loading lines={4} />}
        {incidents?.length === 0 && <Nothing filters={filters} onAll={() => setFilters(readFilters(null))} />}
        {incidents !== undefined && incidents.length > 0 && (
          <IncidentTable incidents={incidents} onRead={(id) => read.mutate({ ids: [id] })} />
        )}
        {found.hasNextPage && (
          <div className="border-t border-line p-2 text-center">
            <Button
              variant="ghost"
              disabled={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              Show older ones
            </Button>
          </div>
        )}
      </Card>
    </>
  );
}

function Nothing({ filters, onAll }: { readonly filters: IncidentFilters; readonly onAll: () => void }) {
  return isFiltered(filters) ? (
    <EmptyState title="No incident is like that" action={<Button onClick={onAll}>Show all</Button>} />
  ) : (
    <EmptyState title="Nothing went wrong" icon={<CircleCheck aria-hidden />}>
      What breaks in a proxy, in its journal or in the manager is listed here, with what to do about it.
    </EmptyState>
  );
}
