'use client';

import { Button } from '../../../components/button.tsx';
import { classNames } from '../../../components/class-names.ts';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { shownText } from '../../../components/foreign-text.tsx';
import { formatTime } from '../../../components/format-time.ts';
import { PageLink } from '../../../components/page-link.tsx';
import { Loading } from '../../../components/skeleton.tsx';
import { everything } from '../activity/activity-filters.ts';
import { keyOf } from '../activity/live-rows.ts';
import { CallCells, callColumns, nameOfCall } from '../activity/record-row.tsx';
import { useActivityRows } from '../activity/use-activity-rows.ts';

const shown = 8;

/** The newest calls; each leads to its record. */
export function RecentActivity({ proxy }: { readonly proxy: string }) {
  const { rows, error, isReading, again } = useActivityRows({ proxy, filters: everything, isLive: true });
  const activity = `/proxy/${encodeURIComponent(proxy)}?tab=activity`;
  if (isReading) return <Loading lines={4} />;
  if (error !== null && rows.length === 0)
    return <ErrorPanel error={error} onRetry={again} className="m-4" />;
  if (rows.length === 0) return <p className="p-4 text-muted text-sm">Nothing has been called yet.</p>;
  return (
    <>
      <ol className="text-sm">
        {rows.slice(0, shown).map((record) => (
          <li
            key={keyOf(record)}
            className={classNames(
              callColumns,
              'relative min-h-[34px] items-center gap-y-0.5 border-b border-line py-1.5 hover:bg-hover',
            )}
          >
            <CallCells record={record} />
            <PageLink
              href={`${activity}&record=${record.instance}.${record.seq}`}
              className="absolute inset-0 focus-visible:outline-offset-[-2px]"
              aria-label={`Record of ${formatTime(record.time)}: ${shownText(nameOfCall(record), 80)}`}
            />
          </li>
        ))}
      </ol>
      <div className="px-4 py-2">
        <Button asChild variant="link" size="sm">
          <PageLink href={activity}>All activity</PageLink>
        </Button>
      </div>
    </>
  );
}
