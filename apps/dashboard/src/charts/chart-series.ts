import type { Column } from './prepare-series.ts';

/** One line or one layer of bars, with the colour of the theme it is drawn in. */
export interface ChartSeries {
  readonly label: string;
  readonly color: 'accent' | 'good-solid' | 'bad-solid' | 'warn-solid' | 'info-solid' | 'muted';
  readonly kind: 'bars' | 'line' | 'dashed';
  /** Against an axis of its own on the right, since its values are far from those of the others. */
  readonly isApart?: boolean;
  readonly column: Column;
}

export interface TimeChartData {
  /** Seconds since the epoch, evenly spaced. */
  readonly times: readonly number[];
  /** Bars are laid on top of each other in this order; lines are drawn as they are. */
  readonly series: readonly ChartSeries[];
}

/** Nothing of it would be seen. */
export const isEmpty = ({ series }: TimeChartData): boolean =>
  series.every(({ column }) => column.every((value) => value === null || value === 0));

/** What is drawn in front of what, and with which values: bars as sums, the tallest behind the others. */
export function layersOf(
  series: readonly ChartSeries[],
): readonly { readonly index: number; readonly column: Column }[] {
  let below: Column | undefined;
  const bars: { readonly index: number; readonly column: Column }[] = [];
  const lines: { readonly index: number; readonly column: Column }[] = [];
  for (const [index, { kind, column }] of series.entries()) {
    if (kind !== 'bars') {
      lines.push({ index, column });
      continue;
    }
    const under: Column = below ?? [];
    below = column.map((value, at) => (value === null ? null : value + (under[at] ?? 0)));
    bars.push({ index, column: below });
  }
  return [...bars.reverse(), ...lines];
}
