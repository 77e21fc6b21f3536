'use client';

import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ChartSeries, layersOf, type TimeChartData } from './chart-series.ts';
import { type ChartUnit, niceSplits, topOf } from './nice-splits.ts';

const height = 168;

const themed = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Changes with the theme, since a canvas does not follow the style sheet. */
function useTheme(): string {
  const read = (): string => document.documentElement.dataset.theme ?? 'light';
  const [theme, setTheme] = useState(read);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(read()));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  });
  return theme;
}

function timeFormat(times: readonly number[]): Intl.DateTimeFormat {
  const spanSeconds = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return spanSeconds > 2 * 86_400
    ? new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
    : new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** The canvas behind `TimeChart`; loaded when a chart is first drawn. */
export function UplotChart({
  data: { times, series },
  unit,
  format,
  group,
  onHover,
}: {
  readonly data: TimeChartData;
  readonly unit: ChartUnit;
  readonly format: (value: number) => string;
  /** Charts of one group show the same moment under the pointer. */
  readonly group: string;
  readonly onHover: (index: number | null) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const theme = useTheme();
  const told = useRef({ format, onHover });
  told.current = { format, onHover };
  // A chart is made anew for other lines, and only given new values for the same.
  const shape = JSON.stringify(
    series.map(({ label, color, kind, isApart }) => [label, color, kind, isApart]),
  );
  const values = useRef<uPlot.AlignedData>([[]]);
  values.current = alignedData({ times, series });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` and `theme` are what a chart is made of.
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    const made = new uPlot(
      chartOptions({
        series,
        unit,
        width: parent.clientWidth,
        group,
        format: (value) => told.current.format(value),
        onHover: (index) => told.current.onHover(index),
      }),
      values.current,
      parent,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height }));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape, theme, group, unit]);

  useEffect(() => {
    chart.current?.setData(alignedData({ times, series }));
  }, [times, series]);

  return <div ref={place} className="w-full" style={{ height }} />;
}

const alignedData = ({ times, series }: TimeChartData): uPlot.AlignedData =>
  [times, ...layersOf(series).map(({ column }) => column)] as unknown as uPlot.AlignedData;

function chartOptions(options: {
  readonly series: readonly ChartSeries[];
  readonly unit: ChartUnit;
  readonly width: number;
  readonly group: string;
  readonly format: (value: number) => string;
  readonly onHover: (index: number | null) => void;
}): uPlot.Options {
  const { series, unit, width, group, format, onHover } = options;
  const axis = {
    stroke: themed('muted'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    ticks: { show: false },
    grid: { stroke: themed('line'), width: 1 },
  };
  const values = {
    size: widthOf,
    splits: (_self: uPlot, _axis: number, _least: number, most: number) => niceSplits(most, unit),
    values: (_self: uPlot, splits: number[]) => splits.map(format),
  };
  const bars = uPlot.paths.bars?.({ size: [0.72, 24], radius: 0.12 });
  return {
    width,
    height,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false }, sync: { key: group } },
    scales: {
      x: { time: true, range: (self, least, most) => wholeBuckets(self.data[0] as number[], least, most) },
      y: { range: fromZero },
      apart: { range: fromZero },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        values: (self, splits) => splits.map((at) => timeFormat(self.data[0] as number[]).format(at * 1000)),
      },
      { ...axis, ...values },
      {
        ...axis,
        ...values,
        show: series.some(({ isApart }) => isApart),
        scale: 'apart',
        side: 1,
        grid: { show: false },
      },
    ],
    series: [
      {},
      ...layersOf(series).map(({ index }): uPlot.Series => {
        const { label, color, kind, isApart = false } = series[index] as ChartSeries;
        const stroke = themed(color);
        return kind === 'bars'
          ? {
              label,
              fill: stroke,
              width: 0,
              points: { show: false },
              ...(bars === undefined ? {} : { paths: bars }),
            }
          : {
              label,
              stroke,
              scale: isApart ? 'apart' : 'y',
              width: 1.5,
              spanGaps: false,
              ...(kind === 'dashed' ? { dash: [4, 3] } : {}),
              points: { show: true, size: 4, fill: stroke, filter: alone },
            };
      }),
    ],
    hooks: { setCursor: [(self) => onHover(self.cursor.idx ?? null)] },
  };
}

const fromZero = (_self: uPlot, _least: number, most: number): [number, number] => [0, topOf(most)];

/** Room for the longest name beside an axis. */
const widthOf = (_self: uPlot, names: string[] | null): number =>
  14 + 6.5 * Math.max(4, ...(names ?? []).map(({ length }) => length));

/** Bars at both ends are seen whole. */
function wholeBuckets(times: readonly number[], least: number, most: number): [number, number] {
  const half = ((times[1] ?? 0) - (times[0] ?? 0)) / 2;
  return [least - half, most + half];
}

/** A value between two gaps is no line: it is drawn as a point. */
function alone(self: uPlot, index: number): number[] {
  const values = self.data[index] ?? [];
  const isGap = (at: number): boolean => values[at] === null || values[at] === undefined;
  return [...values.keys()].filter((at) => !isGap(at) && isGap(at - 1) && isGap(at + 1));
}
