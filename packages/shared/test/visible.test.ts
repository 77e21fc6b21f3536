import { visible, visibleJson } from '@mcp-acp/shared/visible';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const namedByNumber = (character: string): string => `a\\u{${character.codePointAt(0)?.toString(16)}}b`;

it('[APPROVAL-SHOWN] what displays leave out or draw as a blank is written by its number', () => {
  const carriers = [
    '\u{e0100}',
    '\u{e01ef}',
    '\u{e0041}',
    '\ufe0f',
    '\u180f',
    '\u17b4',
    '\u17b5',
    '\u061c',
    '\u034f',
  ];
  const fillers = [
    '\u115f',
    '\u1160',
    '\u3164',
    '\uffa0',
    '\u2800',
    '\u{16fe4}',
    '\u{1d159}',
    '\u{13441}',
    '\u{1bca0}',
  ];
  const blanks = [...'\u00a0\u1680\u2000\u2003\u2007\u200a\u202f\u205f\u3000'];
  for (const character of [...carriers, ...fillers, ...blanks]) {
    expect(visible(`a${character}b`)).toBe(namedByNumber(character));
  }
});

it('[APPROVAL-SHOWN] letters, marks, pictures and the blank of all scripts are left as they are', () => {
  const text = 'Grüße, Ελλάδα, Москва, עברית, العربية, हिन्दी, ไทย, 한국어, 日本語 → 🙂 e\u0301';
  expect(visible(text)).toBe(text);
});

it('[APPROVAL-SHOWN] nothing hidden is left of any text, at its ends neither', () => {
  const hides = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      expect(hides.test(visible(text, 1_000).replaceAll(' ', ''))).toBe(false);
    }),
  );
});

it('JSON whose hidden characters are written out says the same, line by line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(undefined, 2, '\t'),
      (text, indent) => {
        const json = JSON.stringify({ [text]: [text] }, null, indent);
        const shown = visibleJson(json);
        expect(JSON.parse(shown)).toEqual(JSON.parse(json));
        expect(/[\p{Cf}\p{Default_Ignorable_Code_Point}\u00a0\u3000\u007f-\u009f]/u.test(shown)).toBe(false);
        expect(shown.split('\n')).toHaveLength(json.split('\n').length);
      },
    ),
  );
});
