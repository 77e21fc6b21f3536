/**
 * What shows nothing, or looks like the blank without being it: control, format, private, unassigned and separating
 * characters, lone surrogates, what displays may leave out (variation selectors, fillers), every blank but the ASCII one,
 * and letters that are drawn empty.
 */
const hidden =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}]/gu;

/** A character by its number: `\u{202e}`. */
export const asEscape = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * Text of a hostile party made safe to show: control, format, bidirectional and other invisible characters, blanks other
 * than the ASCII one and lone surrogates become visible `\u{…}` escapes, and what is longer than `maxLength` UTF-16 units is
 * cut with a mark. Newlines and tabs are escaped too: quoted text is one line.
 */
export function visible(text: string, maxLength = 256): string {
  const cut = text.length > maxLength ? text.slice(0, maxLength) : text;
  const shown = cut.replace(hidden, asEscape);
  return text.length > maxLength ? `${shown}… (${text.length} characters)` : shown;
}

/**
 * JSON text that says the same and shows what it holds: the characters of {@link visible} are written as JSON's own
 * `\uXXXX`. Between its strings JSON has no such characters but line breaks and tabs, which stay.
 */
export const visibleJson = (json: string): string =>
  json.replace(hidden, (character) =>
    character < ' '
      ? character
      : Array.from({ length: character.length }, (_, index) => jsonEscape(character.charCodeAt(index))).join(
          '',
        ),
  );

const jsonEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
