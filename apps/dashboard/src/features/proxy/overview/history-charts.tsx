'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../../api/use-api.ts';
import type { TimeChartData } from '../../../charts/chart-series.ts';
import { withinOf } from '../../../charts/over-span.ts';
import {
  boundsOf,
  type ChartRange,
  chartRanges,
  isChartRange,
  prepareSeries,
} from '../../../charts/prepare-series.ts';
import { TimeChart } from '../../../charts/time-chart.tsx';
import { Card, CardHeader } from '../../../components/card.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { FilterChips } from '../../../components/filter-chips.tsx';
import { formatLatency } from '../../../components/format-duration.ts';
import { formatCount } from '../../../components/format-number.ts';
import { Skeleton } from '../../../components/skeleton.tsx';
import { useNow } from '../../../components/time.tsx';
import type { SeriesPoint } from '../answers.ts';
import { usePageQuery } from '../use-page-query.ts';

const chips = (Object.keys(chartRanges) as ChartRange[]).map((value) => ({
  value,
  label: chartRanges[value].title,
}));

/** Decisions and latency over time, of all sessions of a proxy. */
export function HistoryCharts({ proxy }: { readonly proxy: string }) {
  const [query, change] = usePageQuery();
  const wanted = query.get('span') ?? '';
  const range: ChartRange = isChartRange(wanted) ? wanted : '1h';
  const { since, until } = boundsOf(range, useNow());
  const { bucketMinutes } = chartRanges[range];
  const api = useApi();
  const series = useQuery(
    api.history.series.queryOptions(
      { proxy, since, until, bucketMinutes },
      { placeholderData: keepPreviousData },
    ),
  );
  return (
    <Card aria-labelledby="over-time">
      <CardHeader id="over-time" title="Over time">
        <FilterChips
          label="Span of time"
          value={range}
          chips={chips}
          onChange={(next) =>
            change((query) => {
              query.set('span', next);
              return query;
            })
          }
        />
      </CardHeader>
      {series.data !== undefined ? (
        <Charts points={series.data} span={{ since, until, bucketMinutes }} />
      ) : (
        <div className="p-4">
          {series.error === null ? (
            <Skeleton className="h-48" />
          ) : (
            <ErrorPanel error={series.error} onRetry={() => void series.refetch()} />
          )}
        </div>
      )}
    </Card>
  );
}

function Charts({
  points,
  span: { since, until, bucketMinutes },
}: {
  readonly points: readonly SeriesPoint[];
  readonly span: { readonly since: number; readonly until: number; readonly bucketMinutes: number };
}) {
  const { decisions, latency } = useMemo(
    () => chartsOf(points, { since, until, bucketMinutes }),
    [points, since, until, bucketMinutes],
  );
  const sum = (of: (point: SeriesPoint) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const passed = sum(({ allowed }) => allowed);
  const refused = sum(({ denied }) => denied);
  const asked = sum(({ effects }) => effects.ask);
  const within = (kind: keyof SeriesPoint['latency'], part: 0.5 | 0.95): number | undefined =>
    withinOf(
      points.map(({ latency }) => latency[kind]),
      part,
    );
  const median = within('call', 0.5);
  const p95 = within('call', 0.95);
  const waited = within('humanWait', 0.5);
  return (
    <div className="grid gap-x-8 gap-y-5 p-4 lg:grid-cols-2">
      <TimeChart
        title="Decisions"
        group="proxy-overview"
        data={decisions}
        unit="count"
        whenEmpty="No calls in this time"
        format={(value) => formatCount(Math.round(value))}
        rest={[passed, refused, asked]}
        summary={`${formatCount(passed)} requests passed on, ${formatCount(refused)} refused, ${formatCount(asked)} asked of a person`}
      />
      <TimeChart
        title="Latency"
        group="proxy-overview"
        data={latency}
        unit="ms"
        whenEmpty="No call was measured in this time"
        format={formatLatency}
        rest={[median, p95, within('backend', 0.5), waited].map((ms) => ms ?? null)}
        summary={
          median === undefined
            ? 'no call was measured'
            : `median ${formatLatency(median)}, 95th percentile ${formatLatency(p95)}${waited === undefined ? '' : `, waiting for a person ${formatLatency(waited)}`}`
        }
      />
    </div>
  );
}

function chartsOf(
  points: readonly SeriesPoint[],
  span: { readonly since: number; readonly until: number; readonly bucketMinutes: number },
): { readonly decisions: TimeChartData; readonly latency: TimeChartData } {
  const counted = prepareSeries({
    points,
    ...span,
    columns: [
      { value: ({ allowed }) => allowed, whenAbsent: 0 },
      { value: ({ denied }) => denied, whenAbsent: 0 },
      // A line along the ground says nothing.
      { value: ({ effects }) => (effects.ask === 0 ? undefined : effects.ask), whenAbsent: null },
    ],
  });
  const measured = prepareSeries({
    points,
    ...span,
    columns: [
      { value: ({ latency }) => latency.call.medianMs, whenAbsent: null },
      { value: ({ latency }) => latency.call.p95Ms, whenAbsent: null },
      { value: ({ latency }) => latency.backend.medianMs, whenAbsent: null },
      { value: ({ latency }) => latency.humanWait.medianMs, whenAbsent: null },
    ],
  });
  const [passed = [], refused = [], asked = []] = counted.columns;
  const [median = [], p95 = [], backend = [], waited = []] = measured.columns;
  const hasWaited = waited.some((value) => value !== null);
  return {
    decisions: {
      times: counted.times,
      series: [
        { label: 'Passed on', color: 'good-solid', kind: 'bars', column: passed },
        { label: 'Denied', color: 'bad-solid', kind: 'bars', column: refused },
        { label: 'Asked', color: 'warn-solid', kind: 'line', column: asked },
      ],
    },
    latency: {
      times: measured.times,
      series: [
        { label: 'Median', color: 'accent', kind: 'line', column: median },
        { label: 'p95', color: 'muted', kind: 'line', column: p95 },
        { label: 'Backend', color: 'info-solid', kind: 'dashed', column: backend },
        ...(hasWaited
          ? [
              {
                label: 'Human wait',
                color: 'warn-solid',
                kind: 'dashed',
                isApart: true,
                column: waited,
              } as const,
            ]
          : []),
      ],
    },
  };
}
