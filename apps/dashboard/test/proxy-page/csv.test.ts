import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvColumns, csvHeader, csvLine } from '../../src/features/proxy/activity/csv.ts';

/** A reader of CSV as RFC 4180 has it. */
function readCell(cell: string): string {
  if (!cell.startsWith('"')) return cell;
  expect(cell.endsWith('"')).toBe(true);
  const inner = cell.slice(1, -1);
  expect(inner.replaceAll('""', '')).not.toContain('"');
  return inner.replaceAll('""', '"');
}

describe('[ACTIVITY-EXPORT] a cell of an exported table', () => {
  it('is never a formula', () => {
    for (const hostile of [
      '=1+1',
      '+1',
      '-1+2',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '  =1',
      '\u200b=1',
      '\ufeff=cmd|calc',
      '\uff1d1',
      '|calc',
      '%0A=1',
    ]) {
      expect(readCell(csvCell(hostile)), JSON.stringify(hostile)).toBe(`'${hostile}`);
    }
  });

  it('gives any text back, apart from the mark in front of what looks like a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readCell(csvCell(text));
        expect([text, `'${text}`]).toContain(read);
        expect(read).not.toMatch(/^[\s]*[=+\-@]/);
      }),
    );
  });

  it('holds numbers as numbers, negative ones too', () => {
    expect(csvCell(-1.5)).toBe('-1.5');
    expect(csvCell(undefined)).toBe('');
  });

  it('does not end its line', () => {
    const line = csvLine({
      proxy: 'p',
      instance: 'i',
      seq: 1,
      time: 't',
      type: 'decision',
      hash: 'h',
      tool: 'a\r\nb,"c"',
    });
    expect(line).toContain('"a\r\nb,""c"""');
    expect(line.endsWith('\r\n')).toBe(true);
    expect(csvHeader.trim().split(',')).toEqual([...csvColumns]);
  });
});
