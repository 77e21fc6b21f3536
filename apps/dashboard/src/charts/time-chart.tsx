'use client';

import { Suspense, useState } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { isEmpty, type TimeChartData } from './chart-series.ts';
import type { ChartUnit } from './nice-splits.ts';

const Canvas = lazyPart(async () => (await import('./uplot-chart.tsx')).UplotChart);

const whenFormat = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/**
 * A chart over time with a legend that shows the values under the pointer, or those of `rest` where there is none.
 * `summary` says the whole in words, for whoever does not see it.
 */
export function TimeChart({
  title,
  data,
  unit,
  format,
  rest,
  summary,
  whenEmpty,
  group,
}: {
  readonly title: string;
  readonly data: TimeChartData;
  readonly unit: ChartUnit;
  readonly format: (value: number) => string;
  /** A value for each series. */
  readonly rest: readonly (number | null)[];
  readonly summary: string;
  readonly whenEmpty: string;
  readonly group: string;
}) {
  const [hovered, setHovered] = useState<number | null>(null);
  const time = hovered === null ? undefined : data.times[hovered];
  return (
    <figure className="min-w-0" aria-label={`${title}: ${summary}`}>
      <figcaption className="mb-1 flex flex-wrap items-baseline gap-x-4 gap-y-0.5 text-xs">
        <span className="font-medium text-ink text-sm">{title}</span>
        {data.series.map(({ label, color }, index) => {
          const value = hovered === null ? rest[index] : data.series[index]?.column[hovered];
          return (
            <span key={label} className="inline-flex items-baseline gap-1.5 text-muted">
              <span aria-hidden className="size-2 rounded-xs" style={{ background: `var(--${color})` }} />
              {label}
              <span className="text-ink tabular-nums">
                {value === undefined || value === null ? '–' : format(value)}
              </span>
            </span>
          );
        })}
        <span className="ml-auto text-muted tabular-nums">
          {time === undefined ? '' : whenFormat.format(time * 1000)}
        </span>
      </figcaption>
      <div role="img" aria-label={summary} className="relative min-h-42">
        {isEmpty(data) && (
          <p className="absolute inset-x-0 top-16 z-[1] mx-auto w-fit rounded bg-surface px-2 text-muted text-sm">
            {whenEmpty}
          </p>
        )}
        <Suspense fallback={null}>
          <Canvas data={data} unit={unit} format={format} group={group} onHover={setHovered} />
        </Suspense>
      </div>
    </figure>
  );
}
