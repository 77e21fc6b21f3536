/** What a chart counts in: whole things, or milliseconds. */
export type ChartUnit = 'count' | 'ms';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
/** From a minute on, time is not decimal. */
const longSteps = [15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400].map(
  (seconds) => seconds * secondMs,
);
const mostSplits = 12;

/** The least height of an axis: one thing, one millisecond. What is less is drawn, but not told apart. */
const leastTop = 1;

/** Where the axis ends for values up to this. */
export const topOf = (most: number): number => Math.max(most * 1.08, leastTop);

/** The distance between two lines, so that there are three to six up to `top` and no two are named alike. */
function stepFor(top: number, unit: ChartUnit): number {
  const rough = top / 4;
  if (unit === 'ms' && top > 2 * minuteMs) {
    const step = longSteps.find((long) => long >= rough);
    return step ?? Math.ceil(rough / (24 * hourMs)) * 24 * hourMs;
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= 0.75 * rough) ?? 10) * power;
  return unit === 'count' ? Math.max(1, Math.round(step)) : step;
}

/** Round numbers from zero on, whatever the height of the values. */
export function niceSplits(top: number, unit: ChartUnit): number[] {
  const step = stepFor(top, unit);
  const splits: number[] = [];
  for (let at = 0; at <= top && splits.length < mostSplits; at += step)
    splits.push(Number(at.toPrecision(12)));
  return splits;
}
