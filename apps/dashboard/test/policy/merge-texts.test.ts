import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../../src/features/policy/draft/merge-texts.ts';

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('an edit that meets another one', () => {
  it('[POLICY-DRAFT] is applied to what the other made of the text', () => {
    expect(mergeTexts(text('a', 'b', 'c', 'd'), text('a', 'B', 'c', 'd'), text('a', 'b', 'c', 'D'))).toEqual({
      text: text('a', 'B', 'c', 'D'),
      conflicts: 0,
    });
  });

  it('stands where both changed the same lines, and is counted', () => {
    expect(mergeTexts(text('a', 'b', 'c'), text('a', 'mine', 'c'), text('a', 'theirs', 'c'))).toEqual({
      text: text('a', 'mine', 'c'),
      conflicts: 1,
    });
  });

  it('is no conflict where both did the same', () => {
    expect(mergeTexts(text('a', 'b', 'x'), text('a', 'c', 'x'), text('a', 'c', 'y', 'x'))).toMatchObject({
      text: expect.stringContaining('c'),
    });
    expect(mergeTexts(text('a'), text('b'), text('b'))).toEqual({ text: text('b'), conflicts: 0 });
  });

  it('keeps what each of both added at the same place', () => {
    expect(
      mergeTexts(text('rules:', '- a'), text('rules:', '- a', '- mine'), text('rules:', '- a', '- theirs')),
    ).toEqual({
      text: text('rules:', '- a', '- theirs', '- mine'),
      conflicts: 0,
    });
  });

  const lines = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 })
    .map((list) => text(...list));

  it('leaves either side alone where the other did nothing', () => {
    fc.assert(
      fc.property(lines, lines, (base, other) => {
        expect(mergeTexts(base, other, base).text).toBe(other);
        expect(mergeTexts(base, base, other).text).toBe(other);
      }),
    );
  });

  it('loses no line that only one side added, where nothing conflicts', () => {
    fc.assert(
      fc.property(lines, lines, lines, (base, a, b) => {
        const mine = a.replaceAll('a', 'only mine');
        const merged = mergeTexts(base, mine, b);
        const count = (where: string): number => where.split('only mine').length;
        expect(count(merged.text)).toBe(count(mine));
      }),
    );
  });
});
