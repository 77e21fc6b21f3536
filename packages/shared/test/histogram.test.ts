import { createHistogram } from '@mcp-acp/shared/histogram';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** From under a microsecond to a day, as durations are: many small ones, few large. Milliseconds. */
const duration = fc.oneof(
  fc.double({ min: -3, max: 8, noNaN: true }).map((exponent) => 10 ** exponent),
  fc.double({ min: 0.001, max: 100, noNaN: true }),
  fc.constant(0),
);
const durations = fc.array(duration, { maxLength: 400 });

/** The value of which at least `fraction` of all are not larger. */
function exactQuantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * fraction) - 1] as number;
}

const of = (values: readonly number[]) => {
  const histogram = createHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
};

/** Under a microsecond nothing is told apart. */
const close = (told: number, exact: number): boolean =>
  Math.abs(told - exact) <= Math.max(0.05 * exact, 0.0006);

it('[STATISTICS-EXACT] median and p95 are within 5 % of the exact ones, whatever was measured', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const { count, sumMs, medianMs, p95Ms } = of(values).summary();
      expect(count).toBe(values.length);
      expect(sumMs).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        3,
      );
      if (values.length === 0) {
        expect([medianMs, p95Ms]).toEqual([undefined, undefined]);
        return;
      }
      expect(close(medianMs ?? Number.NaN, exactQuantile(values, 0.5))).toBe(true);
      expect(close(p95Ms ?? Number.NaN, exactQuantile(values, 0.95))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

it('[STATISTICS-EXACT] adding two is as if one had seen everything', () => {
  fc.assert(
    fc.property(durations, durations, (one, other) => {
      const merged = of(one);
      merged.merge(of(other).counts());
      const whole = of([...one, ...other]);
      expect(merged.counts().buckets).toEqual(whole.counts().buckets);
      expect(merged.counts().count).toBe(whole.counts().count);
      expect(merged.summary().medianMs).toBe(whole.summary().medianMs);
      expect(merged.summary().p95Ms).toBe(whole.summary().p95Ms);
      expect(merged.summary().sumMs).toBeCloseTo(whole.summary().sumMs, 3);
    }),
  );
});

it('[STATISTICS-EXACT] what is no duration is not counted, and what is absurdly long is the longest', () => {
  const histogram = of([Number.NaN, -1, Number.NEGATIVE_INFINITY]);
  expect(histogram.summary()).toEqual({ count: 0, sumMs: 0 });
  histogram.add(1e300);
  expect(histogram.counts()).toMatchObject({ count: 1, buckets: [[415, 1]] });
});
