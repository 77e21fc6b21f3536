import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileNameGlob, compilePathGlob, globSteps } from '../src/glob.ts';
import { naiveName, naivePath } from './naive-glob.ts';

const piece = fc.constantFrom(
  'a',
  'b',
  'ab',
  '*',
  '?',
  '[ab]',
  '[!a]',
  '[a-c]',
  '{a,b}',
  '{ab,}',
  '\\*',
  'é',
  '😀',
  '.',
);
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '*', 'é', '😀', '.'), { maxLength: 10 })
  .map((parts) => parts.join(''));
const name = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));
const segment = fc.oneof(
  fc.constant('**'),
  fc.array(piece, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('').replace(/\*{2,}/g, '*')),
);
/** Six pairs of braces with two parts each are as many alternatives as a pattern may stand for. */
const isUnfoldable = (pattern: string): boolean => pattern.split('{').length <= 7;
const pathPattern = fc
  .array(segment, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'))
  .filter(isUnfoldable);
const path = fc
  .tuple(
    fc.constantFrom('', '/'),
    fc.array(
      text.filter((t) => t !== ''),
      { minLength: 1, maxLength: 5 },
    ),
  )
  .map(([root, parts]) => root + parts.join('/'));

describe('patterns', () => {
  test('of names match as the table does', () => {
    fc.assert(
      fc.property(name, text, (pattern, value) => {
        expect(compileNameGlob(pattern)(value)).toBe(naiveName(pattern, value));
      }),
      { numRuns: 5000 },
    );
  });

  test('of paths match as the table does', () => {
    fc.assert(
      fc.property(pathPattern, path, (pattern, value) => {
        expect(compilePathGlob(pattern)(value)).toBe(naivePath(pattern, value));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['**/x/**', 'x', true],
    ['**/x/**', '/x', true],
    ['**/x/**', '/a/x/b/c', true],
    ['**/x/**', '/ax/b', false],
    ['/a/*', '/a/b', true],
    ['/a/*', '/a/b/c', false],
    ['/a/**', '/a', true],
    ['/a/**', '/ab', false],
    ['/**', '/', true],
    ['/a/*', '/a/.hidden', true],
  ])('%s on %s is %s', (pattern, value, expected) => {
    expect(compilePathGlob(pattern)(value)).toBe(expected);
  });

  test('take steps in proportion to pattern times text, however hostile', () => {
    const pattern = `${'*a'.repeat(30)}*b`;
    const value = 'a'.repeat(10_000);
    for (const glob of [
      compileNameGlob(pattern),
      compilePathGlob(`/${pattern}`),
      compilePathGlob(`**/${pattern}/**`),
    ]) {
      globSteps.count = 0;
      glob(`/${value}`);
      expect(globSteps.count).toBeLessThanOrEqual((pattern.length + 4) * (value.length + 2) * 2);
    }
    globSteps.count = 0;
    compilePathGlob(`${'**/a/'.repeat(20)}b`)(`${'a/'.repeat(2000)}c`);
    expect(globSteps.count).toBeLessThanOrEqual(110 * 4002);
  });

  test.each(['[a', '{a', 'a}', 'x\\', '[z-a]', '{a,b}'.repeat(7), 'a/[/]', 'a**b/c'])(
    '%s is refused',
    (pattern) => {
      expect(() => compilePathGlob(pattern)).toThrow();
    },
  );
});
