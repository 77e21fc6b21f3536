'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp, ListX } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Button } from '../../../components/button.tsx';
import { classNames } from '../../../components/class-names.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { shownText } from '../../../components/foreign-text.tsx';
import { formatCount, formatCounted } from '../../../components/format-number.ts';
import { formatTime } from '../../../components/format-time.ts';
import { Loading } from '../../../components/skeleton.tsx';
import type { HistoryRecord } from '../answers.ts';
import { type ActivityFilters, countFilters } from './activity-filters.ts';
import { keyOf } from './live-rows.ts';
import {
  CallCells,
  callColumns,
  callHeads,
  InTable,
  nameOfCall,
  RecordCells,
  recordColumns,
  recordHeads,
} from './record-row.tsx';
import { useActivityRows } from './use-activity-rows.ts';
import type { OpenRecord } from './use-open-record.ts';
import { usePinnedTop } from './use-pinned-top.ts';

const rowHeight = 34;
/** So near to the end the next page is read. */
const rowsAhead = 20;

interface TableProps {
  readonly proxy: string;
  readonly filters: ActivityFilters;
  readonly isLive: boolean;
  readonly opened: OpenRecord | undefined;
  readonly onOpen: (record: OpenRecord) => void;
  readonly onClear: () => void;
}

/** A table of any length, of which only what is in sight is drawn. */
export function ActivityTable({ proxy, filters, isLive, opened, onOpen, onClear }: TableProps) {
  const {
    rows: all,
    error,
    isReading,
    isReadingMore,
    hasMore,
    readMore,
    again,
  } = useActivityRows({ proxy, filters, isLive });
  const scroll = useRef<HTMLDivElement>(null);
  const { rows, waiting, onScroll, toTop } = usePinnedTop(all, scroll);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keyOf(rows[index] as HistoryRecord),
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    // A page may be empty while the search goes on, so this is asked again after each.
    if (hasMore && !isReadingMore && !isReading && error === null && lastShown + rowsAhead >= rows.length)
      readMore();
  }, [hasMore, isReadingMore, isReading, error, lastShown, rows.length, readMore]);

  if (isReading) return <Loading lines={6} />;
  if (error !== null && rows.length === 0)
    return <ErrorPanel error={error} onRetry={again} className="m-4" />;
  if (rows.length === 0 && !hasMore) {
    const isNarrowed = countFilters(filters) > 0;
    return (
      <EmptyState
        icon={<ListX aria-hidden />}
        title={isNarrowed ? 'Nothing matches these filters' : 'Nothing is on record yet'}
        action={isNarrowed && <Button onClick={onClear}>Clear filters</Button>}
      >
        {isNarrowed ? undefined : 'What happens through this proxy shows here as it happens.'}
      </EmptyState>
    );
  }
  const isCalls = filters.kind === 'calls';
  const columns = isCalls ? callColumns : recordColumns;
  const focusRow = (index: number): void => {
    if (index < 0 || index >= rows.length) return;
    virtual.scrollToIndex(index);
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${index}"] button`)?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    if (step === undefined || row === null) return;
    event.preventDefault();
    const index = Number(row.dataset.index) + step;
    focusRow(Math.min(rows.length - 1, Math.max(0, index)));
  };
  return (
    // What is said of the table stands beside it: in it are rows alone.
    <div className="relative text-sm">
      {waiting > 0 && (
        <div className="pointer-events-none absolute inset-x-0 top-10 z-10 flex justify-center">
          <Button size="sm" variant="primary" className="pointer-events-auto rounded-full" onClick={toTop}>
            <ArrowUp aria-hidden /> {formatCount(waiting)} new
          </Button>
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual list is made of blocks that are laid on the right height. */}
      <div role="table" aria-label="Activity" aria-rowcount={hasMore ? -1 : rows.length + 1}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        <div
          role="rowgroup"
          className="overflow-y-hidden rounded-t-lg border-b border-line bg-sunken/60 [scrollbar-gutter:stable]"
        >
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: heads are read. */}
          <div role="row" className={classNames(columns, 'hidden h-8 items-center md:grid')}>
            {(isCalls ? callHeads : recordHeads).map((head) => (
              // biome-ignore lint/a11y/useSemanticElements: as above.
              // biome-ignore lint/a11y/useFocusableInteractive: heads are read.
              <div
                key={head}
                role="columnheader"
                className={classNames(
                  'truncate px-3 font-medium text-muted text-xs',
                  head === 'Latency' && 'text-right',
                )}
              >
                {head}
              </div>
            ))}
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        <div
          ref={scroll}
          role="rowgroup"
          onScroll={onScroll}
          onKeyDown={onKeyDown}
          className="h-[max(20rem,calc(100dvh-23.5rem))] overflow-y-auto [overflow-anchor:none] [scrollbar-gutter:stable]"
        >
          <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => {
              const record = rows[index] as HistoryRecord;
              const isOpened = opened?.instance === record.instance && opened.seq === record.seq;
              return (
                // biome-ignore lint/a11y/useSemanticElements: as above.
                // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus.
                <div
                  key={key}
                  ref={virtual.measureElement}
                  role="row"
                  data-index={index}
                  aria-rowindex={index + 2}
                  className={classNames(
                    columns,
                    'absolute inset-x-0 top-0 min-h-[34px] items-center gap-y-0.5 border-b border-line py-1.5 hover:bg-hover',
                    isOpened && 'bg-accent-soft',
                  )}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <InTable value={true}>
                    {isCalls ? <CallCells record={record} /> : <RecordCells record={record} />}
                  </InTable>
                  {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
                  <div role="cell" className="absolute inset-0">
                    <button
                      type="button"
                      aria-label={`Record of ${formatTime(record.time)}: ${shownText(nameOfCall(record), 80)}`}
                      className="size-full focus-visible:outline-offset-[-2px]"
                      onClick={() => onOpen({ instance: record.instance, seq: record.seq })}
                    />
                  </div>
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {error !== null && <ErrorPanel error={error} onRetry={readMore} className="m-3" />}
      <div className="flex items-center gap-3 border-t border-line px-3 py-1.5 text-muted text-xs">
        <span role="status">
          {formatCounted(rows.length, 'record')} {hasMore ? 'read; more as you scroll' : ''}
        </span>
        {isReadingMore && <span>Reading…</span>}
        <span className="ml-auto">
          {isLive && filters.until === undefined ? 'New ones come by themselves' : 'Not live'}
        </span>
      </div>
    </div>
  );
}
