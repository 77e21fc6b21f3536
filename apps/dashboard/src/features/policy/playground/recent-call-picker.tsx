'use client';

import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatTime } from '../../../components/format-time.ts';
import { Menu } from '../../../components/menu.tsx';
import { openPart } from '../open-part.ts';
import { destinationIn, type ListedCall } from './recent-calls.ts';

const shownCalls = 15;

/** The newest calls on record; choosing one fills the form. */
export function RecentCallPicker({
  proxy,
  calls,
}: {
  readonly proxy: string;
  readonly calls: readonly ListedCall[];
}) {
  if (calls.length === 0) return null;
  return (
    <Menu
      trigger={
        <Button size="sm">
          <History aria-hidden />
          Recent calls
        </Button>
      }
      items={calls.slice(0, shownCalls).map(({ instance, seq, tool, time, effect }) => ({
        label: (
          <span className="flex w-96 max-w-[75vw] items-center gap-2">
            <span className="flex min-w-0 flex-1 items-baseline gap-2 overflow-hidden">
              <ForeignText text={tool ?? ''} max={48} className="max-w-[60%] truncate font-mono text-xs" />
              <Destination proxy={proxy} instance={instance} seq={seq} />
            </span>
            <span className="text-xs text-muted">{effect}</span>
            <span className="text-xs tabular-nums text-muted">{formatTime(time)}</span>
          </span>
        ),
        onSelect: () => openPart('playground', { record: `${instance}.${seq}` }),
      }))}
    />
  );
}

/** Where a call led, which its record alone does not say. */
function Destination(record: { readonly proxy: string; readonly instance: string; readonly seq: number }) {
  const api = useApi();
  const { data } = useQuery(api.history.record.queryOptions(record, { staleTime: Number.POSITIVE_INFINITY }));
  const destination = destinationIn(data?.payload);
  return destination === undefined ? null : (
    <ForeignText text={destination} max={160} className="min-w-0 flex-1 truncate text-xs text-muted" />
  );
}
