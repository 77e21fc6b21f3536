/** Control, format, unassigned, private and separator characters, lone surrogates, and letters that show nothing. */
const invisible =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|\u115F|\u1160|\u3164|\uFFA0|\u2800|\u034F|[\u180B-\u180D]|[\uFE00-\uFE0F]/gu;

const asEscape = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * Text of a hostile party made safe to show: control, format, bidirectional and other invisible characters and lone
 * surrogates become visible `\u{…}` escapes, and what is longer than `maxLength` UTF-16 units is cut with a mark.
 * Newlines and tabs are escaped too: quoted text is one line.
 */
export function visible(text: string, maxLength = 256): string {
  const cut = text.length > maxLength ? text.slice(0, maxLength) : text;
  const shown = cut.replace(invisible, asEscape);
  return text.length > maxLength ? `${shown}… (${text.length} characters)` : shown;
}
