import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfString, membersOf, outsideStrings } from '../src/json-text.ts';

const text = fc.oneof(fc.string(), fc.stringMatching(/^[\\"{}[\],:]{0,12}$/));
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    text,
    fc.double(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(text, tie('value')),
  ),
})).value;
const spaced = (json: unknown, space: number): string => JSON.stringify(json, null, space);

describe('JSON text', () => {
  it('has strings that end where they end', () => {
    fc.assert(
      fc.property(text, fc.string(), (inside, behind) => {
        const json = JSON.stringify(inside);
        expect(endOfString(` ${json}${behind}`, 1)).toBe(json.length + 1);
      }),
    );
    expect(endOfString(`"${'\\"'.repeat(5_000_000)}"`, 0)).toBe(10_000_002);
  });

  it('has nothing of a string outside of strings', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 2 }), (any, space) => {
        const outside = [...outsideStrings(spaced([any], space))].join('""');
        expect(outside.replaceAll('""', '')).not.toContain('"');
        expect(() => JSON.parse(outside)).not.toThrow();
      }),
    );
  });

  it('has the members a parser finds, as they were written', () => {
    fc.assert(
      fc.property(fc.dictionary(text, value), fc.integer({ min: 0, max: 2 }), (object, space) => {
        const members = [...membersOf(spaced(object, space))];
        const read = Object.fromEntries(members.map(([key, raw]) => [JSON.parse(key), JSON.parse(raw)]));
        expect(read).toEqual(JSON.parse(JSON.stringify(object)));
        expect(members).toHaveLength(Object.keys(object).length);
      }),
    );
    expect([...membersOf('{"a" : 1e400 , "b":{"c":[1,{"d":2}]}}')]).toEqual([
      ['"a"', '1e400'],
      ['"b"', '{"c":[1,{"d":2}]}'],
    ]);
  });
});
