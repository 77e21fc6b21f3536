import {
  type ArgumentDifference,
  type ArgumentPath,
  argumentDifferences,
} from '@mcp-acp/shared/argument-difference';
import { canonicalJson, type JsonValue } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

// What two calls of one tool are: related values, not two that have nothing in common.
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const related = fc.tuple(json, json, json, json).map(([a, b, c, d]): [JsonValue, JsonValue] => [
  { a, list: [a, b, c, a], deep: { b, c } },
  { a, list: [b, a, d, a], deep: { b: d, e: c } },
]);
const pairs = fc.oneof(fc.tuple(json, json), related);

const at = (value: JsonValue, path: ArgumentPath): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Record<string, JsonValue>)[step]
        : undefined,
    value,
  );
const told = (differences: readonly ArgumentDifference[]) =>
  differences.map(({ kind, path }) => `${kind} ${path.join('.')}`);

describe('what differs between the arguments of two calls', () => {
  it('is nothing exactly where the values are the same', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const { differences } = argumentDifferences(before, after);
        expect(differences.length === 0).toBe(canonicalJson(before) === canonicalJson(after));
        expect(argumentDifferences(after, after).differences).toEqual([]);
      }),
    );
  });

  it('stands where it says, with what was there and what is', () => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        for (const difference of argumentDifferences(before, after).differences) {
          if (difference.kind !== 'added') expect(at(before, difference.path)).toEqual(difference.before);
          if (difference.kind !== 'removed') expect(at(after, difference.path)).toEqual(difference.after);
          if (difference.kind === 'changed') {
            expect(canonicalJson(difference.before)).not.toBe(canonicalJson(difference.after));
          }
        }
      }),
    );
  });

  it('read from the other end is the same with added and removed exchanged', () => {
    const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        const there = argumentDifferences(before, after, 10_000).differences;
        const back = argumentDifferences(after, before, 10_000).differences.map((difference) => ({
          ...difference,
          kind: turned[difference.kind],
        }));
        expect(told(back as ArgumentDifference[]).sort()).toEqual(told(there).sort());
      }),
    );
  });

  it('is bounded, and says where there is more', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 0, max: 5 }), ([before, after], most) => {
        const all = argumentDifferences(before, after, 10_000).differences;
        const { differences, more } = argumentDifferences(before, after, most);
        expect(differences).toEqual(all.slice(0, most));
        expect(more).toBe(all.length > most);
      }),
    );
  });

  it('sets aside what a list has in common at both ends', () => {
    expect(told(argumentDifferences([1, 2, 3], [0, 1, 2, 3]).differences)).toEqual(['added 0']);
    expect(told(argumentDifferences([1, 2, 3], [1, 3]).differences)).toEqual(['removed 1']);
    expect(told(argumentDifferences({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }).differences)).toEqual([
      'changed a.1.b',
    ]);
  });

  it('takes every name for a name', () => {
    const hostile = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as JsonValue;
    expect(told(argumentDifferences({}, hostile).differences)).toEqual([
      'added __proto__',
      'added constructor',
    ]);
    expect(told(argumentDifferences(hostile, {}).differences)).toEqual([
      'removed __proto__',
      'removed constructor',
    ]);
  });
});
