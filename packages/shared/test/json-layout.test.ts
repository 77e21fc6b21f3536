import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutJson } from '../src/json-layout.ts';

test('[APPROVAL-SHOWN] what is laid out is what was there, and indented as usual', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(layOutJson(text).join('\n')).toBe(JSON.stringify(value, null, 2));
      expect(layOutJson(JSON.stringify(value, null, 3))).toEqual(layOutJson(text));
    }),
  );
});

test('[APPROVAL-SHOWN] numbers and strings stay as they were written', () => {
  expect(layOutJson('{"a":12345678901234567890,"b":1e2,"c":"\\u202e\\"{","d":[ ] , "e":{}}')).toEqual([
    '{',
    '  "a": 12345678901234567890,',
    '  "b": 1e2,',
    '  "c": "\\u202e\\"{",',
    '  "d": [],',
    '  "e": {}',
    '}',
  ]);
});

test('[APPROVAL-SHOWN] any text comes out as some lines', () => {
  fc.assert(fc.property(fc.string(), (text) => layOutJson(text).length > 0));
  for (const text of ['', '"', '"\\', '{', ']]]', '{"a":']) expect(layOutJson(text)).not.toEqual([]);
});
