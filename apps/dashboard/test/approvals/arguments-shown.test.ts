import { canonicalJson, type JsonValue } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArgumentRow,
  closedIn,
  compareArguments,
  rowsOf,
} from '../../src/features/approvals/argument-rows.ts';
import { comparableOf, type OutlineNode, readOutline } from '../../src/features/approvals/json-outline.ts';
import { changedPart, chunksOf, excerptOf, isLong } from '../../src/features/approvals/long-text.ts';
import { longRun, type ShownPiece, shownPieces } from '../../src/features/approvals/shown-text.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const escapes = fc.string({ unit: fc.constantFrom('\\', '"', '\n', '\u0001', 'u', 'a'), maxLength: 20 });
const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const blankText = fc
  .array(
    fc.constantFrom(' ', '\t', '\n', '\r\n', '\r', '\u00a0', '\u3000', 'a', ' '.repeat(40), '\n'.repeat(9)),
    {
      maxLength: 80,
    },
  )
  .map((parts) => parts.join(''));

/** No half of a character stands alone. */
const isWhole = (text: string): boolean => !/\p{Cs}/u.test(text);

const jsonOf = (node: OutlineNode): JsonValue => {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ name, node }) => [name, jsonOf(node)]));
    case 'list':
      return node.items.map(jsonOf);
    case 'text':
      return node.text;
    default:
      return JSON.parse(node.source) as JsonValue;
  }
};

describe('the outline of JSON text', () => {
  it('says what the text says', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const outline = readOutline(JSON.stringify(value, undefined, space));
        expect(outline?.cut).toBe(false);
        expect(outline && canonicalJson(jsonOf(outline.root))).toBe(canonicalJson(value));
      }),
    );
  });

  it('says what there is of a text that was cut, and that it was', () => {
    fc.assert(
      fc.property(fc.oneof(json, escapes), fc.nat(), (value, at) => {
        const text = JSON.stringify({ value });
        const cut = text.slice(0, 1 + (at % (text.length - 1)));
        const outline = readOutline(cut);
        expect(outline, cut).toBeDefined();
        expect(outline?.cut, cut).toBe(true);
      }),
    );
  });

  it('is cut before an escape that is not whole', () => {
    for (const [text, read] of [
      ['"a\\\\', 'a\\'],
      ['"a\\', 'a'],
      ['"a\\u00e', 'a'],
      ['"a\\\\u00', 'a\\u00'],
      ['"a\\n', 'a\n'],
    ] as const) {
      expect(readOutline(text), text).toEqual({ root: { kind: 'text', text: read }, cut: true });
    }
  });

  it('is none of what is not JSON', () => {
    for (const text of ['', '{a:1}', '{"a":1}x', '[1,,2]', '{"a" 1}', 'hello', "'a'", '[1 2]', '{"a":01x}']) {
      const outline = readOutline(text);
      expect(outline === undefined || outline.cut, text).toBe(true);
    }
    expect(readOutline('['.repeat(1_000))).toBeUndefined();
  });

  it('keeps the digits of a number, and tells apart what a double would not', () => {
    const read = (text: string) => comparableOf(readOutline(text)?.root ?? { kind: 'list', items: [] });
    expect(readOutline('9007199254740993')?.root).toEqual({ kind: 'number', source: '9007199254740993' });
    expect(read('9007199254740993')).not.toEqual(read('9007199254740992'));
    expect(read('"1"')).not.toEqual(read('1'));
    expect(read('"null"')).not.toEqual(read('null'));
    expect(read('1e3')).toEqual(read('1000'));
  });
});

const lengthOf = (piece: ShownPiece): number | undefined => {
  switch (piece.kind) {
    case 'text':
      return piece.text.length;
    case 'blanks':
      return piece.count;
    case 'newline':
      return piece.text.startsWith('\\r') ? 2 : 1;
    case 'tab':
      return 1;
    default:
      return undefined;
  }
};

describe('foreign text as it is shown', () => {
  it('has no character that shows nothing, and no run that pushes away what follows', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, blankText), (text) => {
        for (const piece of shownPieces(text)) {
          if (piece.kind !== 'text') continue;
          expect(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(piece.text)).toBe(false);
          expect(/(?! )\p{Zs}/u.test(piece.text)).toBe(false);
          expect(piece.text.includes(' '.repeat(longRun.blanks))).toBe(false);
        }
      }),
    );
  });

  it('leaves nothing out', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'é', ' ', '\t', '\n', '😀'), maxLength: 200 }),
        (text) => {
          const pieces = shownPieces(text);
          if (pieces.some(({ kind }) => kind === 'lines')) return;
          const length = pieces.reduce((sum, piece) => sum + (lengthOf(piece) ?? 0), 0);
          expect(length).toBe(text.length);
        },
      ),
    );
  });

  it('marks what cannot be seen, and says how much of it there is', () => {
    expect(shownPieces('a\u202eb')).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'escape', text: '\\u{202e}' },
      { kind: 'text', text: 'b' },
    ]);
    expect(shownPieces(`a${' '.repeat(500)}b`)).toContainEqual({ kind: 'blanks', count: 500 });
    expect(shownPieces(`a${'\n'.repeat(500)}b`)).toContainEqual({ kind: 'lines', count: 500 });
    expect(shownPieces(`a${' \t\n'.repeat(50)}b`).at(-2)).toEqual({ kind: 'lines', count: 50 });
    expect(shownPieces('a\u00a0b')[1]).toEqual({ kind: 'escape', text: '\\u{a0}' });
  });
});

describe('a long text', () => {
  const pairs = fc.tuple(fc.oneof(anyText, blankText), anyText, fc.oneof(anyText, blankText));

  it('is whole when its parts are put together, and no character is cut in two', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, blankText), { maxLength: 60 }), (texts) => {
        const text = texts.join('');
        const parts = chunksOf(text).map(({ start, end }) => text.slice(start, end));
        expect(parts.join('')).toBe(text);
        expect(parts.every((part) => part !== '' && isWhole(part))).toBe(true);
        const { start, end } = excerptOf(text);
        expect(isWhole(text.slice(start, end))).toBe(true);
      }),
    );
  });

  it('differs from another in the part that is told, and nowhere else', () => {
    fc.assert(
      fc.property(pairs, anyText, ([head, middle, tail], other) => {
        const before = `${head}${other}${tail}`;
        const after = `${head}${middle}${tail}`;
        const { start, end } = changedPart(before, after);
        expect(start <= end).toBe(true);
        expect(before.startsWith(after.slice(0, start))).toBe(true);
        expect(before.endsWith(after.slice(end))).toBe(true);
        expect(isWhole(after.slice(start, end))).toBe(true);
      }),
    );
  });

  it('shows the place where it differs before it is opened', () => {
    const was = `${'x'.repeat(5_000)}safe${'y'.repeat(5_000)}`;
    const is = was.replace('safe', 'evil');
    const { start, end } = excerptOf(is, changedPart(was, is));
    expect(is.slice(start, end)).toContain('evil');
  });
});

describe('the lines of the arguments', () => {
  const rows = (
    after: JsonValue,
    options: { before?: JsonValue; open?: boolean } = {},
  ): readonly ArgumentRow[] => {
    const outline = readOutline(JSON.stringify(after));
    if (outline === undefined) throw new Error('No outline');
    const before = options.before === undefined ? undefined : readOutline(JSON.stringify(options.before));
    return rowsOf(compareArguments(outline, before), () => options.open ?? false);
  };

  it('hold every text whole once all are opened, and say which are not before', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(json, fc.string({ minLength: 401, maxLength: 5_000 }))),
        (value) => {
          const open = rows(value, { open: true });
          expect(closedIn(open)).toEqual([]);
          expect(new Set(open.map(({ key }) => key)).size).toBe(open.length);
          const shown = open.map(({ content }) =>
            content.kind === 'text' ? content.text.slice(content.part.start, content.part.end) : '',
          );
          const all = shown.join('');
          for (const text of Object.values(value)) if (typeof text === 'string') expect(all).toContain(text);
          const long = Object.values(value).filter((text) => typeof text === 'string' && isLong(text));
          expect(closedIn(rows(value)).length).toBeGreaterThanOrEqual(long.length);
        },
      ),
    );
  });

  it('say what differs from the call that was approved last', () => {
    const shown = rows(
      { path: '/home/u/b.txt', mode: 'x', list: [1, 2] },
      { before: { path: '/home/u/a.txt', old: true, list: [1] } },
    ).map(({ name, change, before }) => [name, change, before?.text]);
    expect(shown).toEqual([
      ['path', 'changed', '/home/u/a.txt'],
      ['mode', 'added', undefined],
      ['list', undefined, undefined],
      ['0', undefined, undefined],
      ['1', 'added', undefined],
      ['old', 'removed', undefined],
    ]);
  });

  it('show a name that is long like a text that is long', () => {
    const shown = rows({ ['n'.repeat(1_000)]: 1 });
    expect(shown[0]?.closed).toBeDefined();
    expect(shown[1]?.content).toEqual({ kind: 'word', text: '1' });
  });
});
