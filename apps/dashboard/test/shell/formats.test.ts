import { expect, it } from 'vitest';
import { shownText } from '../../src/components/foreign-text.tsx';
import { formatLatency, formatLeft, formatSpan } from '../../src/components/format-duration.ts';
import { formatBytes, formatCount, formatCounted } from '../../src/components/format-number.ts';
import { formatAgo, formatTime } from '../../src/components/format-time.ts';

it('says numbers, sizes and durations as a person reads them', () => {
  expect([formatCount(1234), formatCounted(1, 'call'), formatCounted(2, 'call')]).toEqual([
    '1,234',
    '1 call',
    '2 calls',
  ]);
  expect([0, 640, 1500, 12_000_000].map(formatBytes)).toEqual(['0 B', '640 B', '1.5 kB', '12 MB']);
  expect([0.42, 45, 1_200, 125_000].map(formatLatency)).toEqual(['0.4 ms', '45 ms', '1.2 s', '2 min 5 s']);
  expect([0, 45_000, 3_600_000, 12_000_000].map(formatSpan)).toEqual(['0 s', '45 s', '1 h', '3 h 20 min']);
  expect([45_000, 599_000, 3_600_000].map(formatLeft)).toEqual(['0:45', '9:59', '1:00:00']);
});

it('says how long ago something was, and what is no time as a dash', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const ago = (ms: number): string => formatAgo(now - ms, now);
  expect([1_000, 12_000, 190_000, 3 * 3_600_000].map(ago)).toEqual([
    'just now',
    '12 s ago',
    '3 min ago',
    '3 h ago',
  ]);
  expect([formatAgo('never', now), formatTime('never')]).toEqual(['–', '–']);
});

it('shows what hides in the words of others', () => {
  expect(shownText('a\u202eb\n')).toBe('a\\u{202e}b\\u{a}');
  expect(shownText(`a${' '.repeat(40)}b`)).toBe('a (40 blanks) b');
});
