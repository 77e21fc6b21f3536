import { commandLineText } from '@mcp-acp/admin/shown-backend';
import { splitCommandLine } from '@mcp-acp/admin/split-command-line';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeJson } from '../src/output/safe-json.ts';

test('a command line that is shown can be typed again', () => {
  // Printable words, short enough not to be cut, that hold nothing which looks like a credential.
  const word = fc.stringMatching(/^[ -~]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), ([command = 'x', ...args]) => {
      expect(splitCommandLine(commandLineText({ command, args }))).toEqual([command, ...args]);
    }),
  );
});

test('JSON for a terminal is the same JSON, without what moves or hides text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = safeJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(safeJson('a\u202eb\u{e0041}')).toBe('"a\\u202eb\\udb40\\udc41"');
});
