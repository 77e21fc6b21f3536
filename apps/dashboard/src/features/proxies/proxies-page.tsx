'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, ShieldCheck, SquareTerminal } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { FilterChips } from '../../components/filter-chips.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useRemembered } from '../../components/use-remembered.ts';
import { lazyPart } from '../../live/lazy-part.ts';
import { ProxyCard } from './proxy-card.tsx';
import { filterLabels, passesFilter, proxyFilters } from './proxy-filter.ts';
import { UnknownProxy } from './unknown-proxy.tsx';
import { useAttention } from './use-attention.ts';

const AddProxy = lazyPart(async () => (await import('./add/add-proxy.tsx')).AddProxy);
const AllSnippets = lazyPart(async () => (await import('./all-snippets.tsx')).AllSnippets);

/** What is open over the list. `confirm`: the wizard, from where a launch waits to be confirmed. */
type Opened = { readonly what: 'add' | 'snippets' } | { readonly what: 'confirm'; readonly proxy: string };

/** A session may be over before anybody can tell of it. Milliseconds. */
const lookAgainMs = 10_000;

const grid = 'grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3';

export function ProxiesPage() {
  const api = useApi();
  const {
    data: proxies,
    error,
    refetch,
  } = useQuery(api.proxies.list.queryOptions(undefined, { refetchInterval: lookAgainMs }));
  const [filter, setFilter] = useRemembered('proxies-filter', proxyFilters, 'all');
  const [opened, setOpened] = useState<Opened>();
  const waiting = useAttention(proxies ?? []);
  const shown = proxies?.filter((proxy) => passesFilter(proxy, filter, waiting));
  const add = (
    <Button variant="primary" onClick={() => setOpened({ what: 'add' })}>
      <Plus aria-hidden />
      Add proxy
    </Button>
  );
  return (
    <>
      <UnknownProxy />
      <PageHeader title="Proxies">
        {proxies !== undefined && proxies.length > 0 && (
          <>
            <Button onClick={() => setOpened({ what: 'snippets' })}>
              <SquareTerminal aria-hidden />
              Export all snippets
            </Button>
            {add}
          </>
        )}
      </PageHeader>
      {error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} className="mb-4" />}
      {proxies !== undefined && proxies.length > 0 && (
        <div className="mb-4">
          <FilterChips
            label="Which proxies"
            value={filter}
            onChange={setFilter}
            chips={proxyFilters.map((value) => ({
              value,
              label: filterLabels[value],
              count: proxies.filter((proxy) => passesFilter(proxy, value, waiting)).length,
            }))}
          />
        </div>
      )}
      {proxies === undefined && error === null && <CardSkeletons />}
      {proxies?.length === 0 && (
        <EmptyState
          title="Nothing is watched yet"
          icon={<ShieldCheck aria-hidden />}
          action={add}
          className="rounded-lg border border-dashed border-line-strong py-16"
        >
          A proxy stands between an MCP client and one server: each call is decided by your policy, held for
          you where it says so, and recorded. The first takes a minute.
        </EmptyState>
      )}
      {proxies !== undefined && proxies.length > 0 && shown?.length === 0 && (
        <EmptyState
          title="No proxy is like that"
          action={<Button onClick={() => setFilter('all')}>Show all</Button>}
          className="rounded-lg border border-dashed border-line-strong"
        />
      )}
      {shown !== undefined && (
        <div className={grid}>
          {shown.map((proxy) => (
            <ProxyCard
              key={proxy.name}
              proxy={proxy}
              onConfirm={(name) => setOpened({ what: 'confirm', proxy: name })}
            />
          ))}
        </div>
      )}
      <Suspense>
        {opened?.what === 'snippets' && <AllSnippets onClose={() => setOpened(undefined)} />}
        {opened?.what === 'add' && <AddProxy onClose={() => setOpened(undefined)} />}
        {opened?.what === 'confirm' && <AddProxy made={opened.proxy} onClose={() => setOpened(undefined)} />}
      </Suspense>
    </>
  );
}

function CardSkeletons() {
  return (
    <div role="status" className={grid}>
      <span className="sr-only">Loading…</span>
      {[0, 1, 2].map((index) => (
        <div key={index} className="space-y-3 rounded-lg border border-line bg-surface p-4">
          <Skeleton className="w-1/3" />
          <Skeleton className="h-7 w-full" />
          <Skeleton className="w-2/3" />
        </div>
      ))}
    </div>
  );
}
