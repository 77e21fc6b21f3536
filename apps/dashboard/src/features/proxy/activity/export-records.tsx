'use client';

import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useClient } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { formatCount, formatCounted } from '../../../components/format-number.ts';
import { toast } from '../../../components/toast.tsx';
import type { HistoryRecord } from '../answers.ts';
import { type ActivityFilters, queryOf } from './activity-filters.ts';
import { collectRecords, mostExported } from './collect-records.ts';
import { csvHeader, csvLine } from './csv.ts';
import { recordReader } from './read-records.ts';
import { recordKinds } from './record-kinds.ts';

type Format = 'json' | 'csv';

const contentOf: Record<Format, (records: readonly HistoryRecord[]) => Blob> = {
  json: (records) => new Blob([`${JSON.stringify(records, null, 2)}\n`], { type: 'application/json' }),
  // The mark in front tells spreadsheets that it is UTF-8.
  csv: (records) =>
    new Blob(['\ufeff', csvHeader, ...records.map(csvLine)], { type: 'text/csv;charset=utf-8' }),
};

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then; without this it would stay in memory as long as the page.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Saves what the filters find as a file, up to a bound that is told before and after. */
export function ExportRecords({
  proxy,
  filters,
}: {
  readonly proxy: string;
  readonly filters: ActivityFilters;
}) {
  const client = useClient();
  const [read, setRead] = useState<number>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const run = async (format: Format): Promise<void> => {
    const stop = new AbortController();
    running.current = stop;
    setRead(0);
    try {
      const query = { ...queryOf(proxy, filters, Date.now()), limit: 200 };
      const { types } = recordKinds[filters.kind];
      const { records, isCut } = await collectRecords({
        types,
        read: recordReader(client, query, stop.signal),
        onProgress: setRead,
        signal: stop.signal,
      });
      if (stop.signal.aborted) return;
      const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
      save(contentOf[format](records), `${proxy}-${filters.kind}-${time}.${format}`);
      if (isCut)
        toast.warning(
          `The newest ${formatCount(mostExported)} records were exported; there are more. Narrow the time to get the others.`,
        );
      else toast.success(`${formatCounted(records.length, 'record')} exported.`);
    } catch (error) {
      if (!stop.signal.aborted)
        toast.error(`The export failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      running.current = undefined;
      setRead(undefined);
    }
  };
  if (read !== undefined) {
    return (
      <span className="inline-flex items-center gap-2 text-muted text-xs">
        <span role="status" className="tabular-nums">
          {formatCounted(read, 'record')} read…
        </span>
        <Button size="sm" onClick={() => running.current?.abort()}>
          Cancel
        </Button>
      </span>
    );
  }
  const bound = `What the filters find, at most the newest ${formatCount(mostExported)} records`;
  return (
    <span className="inline-flex gap-1.5">
      <Button size="sm" title={bound} onClick={() => void run('json')}>
        <Download aria-hidden /> Export JSON
      </Button>
      <Button size="sm" title={bound} onClick={() => void run('csv')}>
        <Download aria-hidden /> Export CSV
      </Button>
    </span>
  );
}
