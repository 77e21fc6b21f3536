'use client';

import { useMemo } from 'react';
import { Card } from '../../../components/card.tsx';
import { FilterChips } from '../../../components/filter-chips.tsx';
import { Switch } from '../../../components/switch.tsx';
import type { ProxySeen } from '../answers.ts';
import { usePageQuery } from '../use-page-query.ts';
import { type ActivityFilters, filtersOf, withFilters } from './activity-filters.ts';
import { ActivityTable } from './activity-table.tsx';
import { ExportRecords } from './export-records.tsx';
import { FilterBar } from './filter-bar.tsx';
import { HistoryNote } from './history-note.tsx';
import { RecordDrawer } from './record-drawer.tsx';
import { type RecordKind, recordKinds } from './record-kinds.ts';
import { useOpenRecord } from './use-open-record.ts';

const kinds = (Object.keys(recordKinds) as RecordKind[]).map((value) => ({
  value,
  label: recordKinds[value].title,
}));

/** The past of a proxy, and what happens now in front of it. */
export function ActivityTab({ proxy }: { readonly proxy: ProxySeen }) {
  const [query, change] = usePageQuery();
  const text = query.toString();
  const filters = useMemo(() => filtersOf(new URLSearchParams(text)), [text]);
  // The table is made anew for other filters only, whatever else changes in the address.
  const key = JSON.stringify(filters);
  // biome-ignore lint/correctness/useExhaustiveDependencies: filters are what they say, not which object they are.
  const stable = useMemo(() => filters, [key]);
  const isLive = query.get('live') !== '0';
  const setFilters = (next: ActivityFilters): void => change((query) => withFilters(query, next));
  const [opened, open] = useOpenRecord();
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <FilterChips
          label="Records"
          value={filters.kind}
          chips={kinds}
          onChange={(kind) => setFilters({ ...filters, kind })}
        />
        <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-2">
          <div className="flex items-center gap-2 text-muted text-xs">
            <Switch
              id="activity-live"
              checked={isLive}
              onCheckedChange={(next) =>
                change((query) => {
                  if (next) query.delete('live');
                  else query.set('live', '0');
                  return query;
                })
              }
            />
            <label htmlFor="activity-live">Live</label>
          </div>
          <ExportRecords proxy={proxy.name} filters={stable} />
        </div>
      </div>
      <FilterBar proxy={proxy} filters={filters} onChange={setFilters} />
      <HistoryNote />
      <Card>
        <ActivityTable
          key={key}
          proxy={proxy.name}
          filters={stable}
          isLive={isLive}
          opened={opened}
          onOpen={open}
          onClear={() => setFilters({ kind: filters.kind })}
        />
      </Card>
      <RecordDrawer proxy={proxy.name} opened={opened} onOpen={open} />
    </div>
  );
}
