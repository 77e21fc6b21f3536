import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layersOf } from '../../src/charts/chart-series.ts';
import { niceSplits, topOf } from '../../src/charts/nice-splits.ts';
import { withinOf } from '../../src/charts/over-span.ts';
import { boundsOf, chartRanges, prepareSeries } from '../../src/charts/prepare-series.ts';
import { sparklinePath } from '../../src/charts/sparkline-path.ts';
import { formatLatency } from '../../src/components/format-duration.ts';
import { formatCount } from '../../src/components/format-number.ts';
import { timingOf } from '../../src/features/proxy/activity/call-timing.ts';

describe('series for a chart', () => {
  it('[CHART-GAPS] have a zero where nothing was counted and a gap where nothing was measured', () => {
    const { times, columns } = prepareSeries({
      points: [
        { start: 60_000, requests: 3, medianMs: 5 },
        { start: 180_000, requests: 1 },
      ] as { start: number; requests: number; medianMs?: number }[],
      since: 60_000,
      until: 300_000,
      bucketMinutes: 1,
      columns: [
        { value: ({ requests }) => requests, whenAbsent: 0 },
        { value: ({ medianMs }) => medianMs, whenAbsent: null },
      ],
    });
    expect(times).toEqual([60, 120, 180, 240]);
    expect(columns).toEqual([
      [3, 0, 1, 0],
      [5, null, null, null],
    ]);
  });

  it('ends with the bucket that is now, in every range', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1.6e12, max: 2e12 }),
        fc.constantFrom(...(Object.keys(chartRanges) as (keyof typeof chartRanges)[])),
        (now, range) => {
          const { since, until } = boundsOf(range, now);
          const { bucketMinutes } = chartRanges[range];
          const { times } = prepareSeries({ points: [], since, until, bucketMinutes, columns: [] });
          expect(times.at(-1)).toBeLessThanOrEqual(now / 1000);
          expect((times.at(-1) ?? 0) + bucketMinutes * 60).toBeGreaterThan(now / 1000);
          expect(times.length).toBe(chartRanges[range].spanMs / 60_000 / bucketMinutes);
        },
      ),
    );
  });

  it('are laid on top of each other where they are bars, the tallest behind, and lines in front', () => {
    const layers = layersOf([
      { label: 'a', color: 'accent', kind: 'bars', column: [1, 2, null] },
      { label: 'l', color: 'accent', kind: 'line', column: [7, 7, 7] },
      { label: 'b', color: 'accent', kind: 'bars', column: [10, 20, 30] },
    ]);
    expect(layers).toEqual([
      { index: 2, column: [11, 22, 30] },
      { index: 0, column: [1, 2, null] },
      { index: 1, column: [7, 7, 7] },
    ]);
  });
});

describe('the axis of a chart', () => {
  it('names no two of its lines alike, however small or large the values are', () => {
    const values = fc.oneof(
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(values, (most) => {
        for (const [unit, format] of [
          ['count', formatCount],
          ['ms', formatLatency],
        ] as const) {
          const names = niceSplits(topOf(most), unit).map(format);
          expect(new Set(names).size, names.join()).toBe(names.length);
          expect(names.length).toBeGreaterThan(1);
        }
      }),
    );
  });

  it('counts whole things, ends at one where there is nothing, and is no decimal of minutes', () => {
    expect(niceSplits(topOf(0), 'count')).toEqual([0, 1]);
    expect(niceSplits(topOf(0), 'ms').map(formatLatency).slice(-2)).toEqual(['0.8 ms', '1.0 ms']);
    expect(niceSplits(topOf(8), 'count')).toEqual([0, 2, 4, 6, 8]);
    expect(niceSplits(topOf(2), 'count')).toEqual([0, 1, 2]);
    expect(niceSplits(topOf(240_000), 'ms').map(formatLatency)).toEqual(['0.0 ms', '2 min', '4 min']);
  });
});

describe('a latency over a whole span', () => {
  it('is exact of one bucket and lies between those of several, the heavier nearer', () => {
    const fast = { count: 90, medianMs: 10, p95Ms: 20 };
    const slow = { count: 10, medianMs: 1_000, p95Ms: 2_000 };
    expect([withinOf([slow], 0.5), withinOf([slow], 0.95)]).toEqual([1_000, 2_000]);
    const median = withinOf([fast, slow, { count: 0 }], 0.5) ?? 0;
    const p95 = withinOf([fast, slow], 0.95) ?? 0;
    expect(median).toBeGreaterThan(10);
    expect(median).toBeLessThan(20);
    expect(p95).toBeGreaterThan(900);
    expect(p95).toBeLessThan(1_100);
    expect(withinOf([], 0.5)).toBeUndefined();
    expect(withinOf([{ count: 2, medianMs: 0, p95Ms: 0 }, fast], 0.5)).toBeGreaterThan(0);
  });
});

describe('a sparkline', () => {
  it('is interrupted where there is no value, and holds no number that is none', () => {
    const size = { width: 100, height: 20 };
    expect(sparklinePath([0, 10], size).line).toBe('M0 19L100 1');
    expect(sparklinePath([1, null, 1, 1], size).line).toBe('M0 1h1M66.67 1L100 1');
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat())), (points) => {
        const { line, area } = sparklinePath(points, size);
        expect(line + area).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });
});

describe('the time of a call', () => {
  it('is what policy, person and backend took, and the proxy the rest', () => {
    const { totalMs, segments } = timingOf({ evalMs: 1, waitMs: 4, backendMs: 3, durationMs: 10 });
    expect(totalMs).toBe(10);
    expect(segments.map(({ part, ms }) => [part, ms])).toEqual([
      ['policy', 1],
      ['person', 4],
      ['backend', 3],
      ['proxy', 2],
    ]);
  });

  it('is what was measured where the call never ran', () => {
    expect(timingOf({ evalMs: 1, waitMs: 9 })).toEqual({
      totalMs: 10,
      segments: [
        { part: 'policy', ms: 1, share: 0.1 },
        { part: 'person', ms: 9, share: 0.9 },
      ],
    });
    expect(timingOf({})).toEqual({ totalMs: 0, segments: [] });
  });

  it('never exceeds its whole', () => {
    const ms = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ evalMs: ms, waitMs: ms, backendMs: ms, durationMs: ms }), (times) => {
        const shares = timingOf(times).segments.reduce((sum, { share }) => sum + share, 0);
        expect(shares).toBeLessThanOrEqual(1.000001);
      }),
    );
  });
});
