import { asEscape } from '@mcp-acp/shared/visible';

/**
 * Letters that take one cell in every terminal: Latin, Greek, Cyrillic, Armenian and Georgian, punctuation, signs, arrows,
 * frames, halfwidth forms. No mark that is drawn over its neighbour, and no script that is written from the right, which
 * terminals put into another order.
 */
const narrow =
  /^[\u00a1-\u02ff\u0370-\u0482\u048a-\u0589\u10a0-\u10ff\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u209c\u20a0-\u20cf\u2100-\u23ff\u2460-\u27ff\u2900-\u2bff\uff61-\uff9f\uffe8-\uffee\ufffd]$/u;

/** Letters of East Asian scripts and pictures, which take two cells, or one where a terminal is old. */
const wide =
  /^(?:[\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]|\p{Extended_Pictographic}|\p{Emoji_Presentation})$/u;
const uncertain = /^[\p{M}\p{C}]$/u;

/** The most cells it takes; undefined where terminals do not agree. */
function widthOf(character: string): 1 | 2 | undefined {
  if (character >= ' ' && character <= '~') return 1;
  if (uncertain.test(character)) return undefined;
  return wide.test(character) ? 2 : narrow.test(character) ? 1 : undefined;
}

/**
 * A text in which it is certain how many cells each letter takes at most: all others are written by their number. What
 * is counted as narrower than it is drawn would push the end of its line off the screen, unseen.
 */
export function ofCertainWidth(text: string): string {
  let certain = '';
  for (const character of text) {
    certain += widthOf(character) === undefined ? asEscape(character) : character;
  }
  return certain;
}

/** How many cells of a terminal a text takes at most, as {@link ofCertainWidth} writes it. */
export function cells(text: string): number {
  let count = 0;
  for (const character of text) count += widthOf(character) ?? asEscape(character).length;
  return count;
}

/** As much of a text as fits into so many cells; what is cut shows it. */
export function clip(text: string, width: number): string {
  const certain = ofCertainWidth(text);
  if (cells(certain) <= width) return certain;
  let kept = '';
  let used = 1;
  for (const character of certain) {
    used += widthOf(character) ?? 0;
    if (used > width) break;
    kept += character;
  }
  return width < 1 ? '' : `${kept}…`;
}

export const pad = (text: string, width: number): string => {
  const clipped = clip(text, width);
  return clipped + ' '.repeat(Math.max(0, width - cells(clipped)));
};

/** In a row that begins with it stands what did not fit into the row above: no label of ours is indented. */
export const goesOn = '    ';

/** A text as lines of at most so many cells; the following ones begin with `indent`. Nothing is left out. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const character of ofCertainWidth(text)) {
    const size = widthOf(character) ?? 0;
    if (used + size > width && used > indent.length) {
      lines.push(line);
      line = indent;
      used = indent.length;
    }
    line += character;
    used += size;
  }
  lines.push(line);
  return lines;
}

/** How wide a stream's terminal is, in cells. Undefined where it is none; 80 where it does not say. */
export const columnsOf = ({ isTTY, columns }: NodeJS.WriteStream): number | undefined =>
  isTTY === true ? columns || 80 : undefined;

/**
 * A line that may hold words of others, as rows of a terminal so wide; undefined: none, in which a line is as long as it is.
 * Only what the line begins with is ever at the beginning of a row.
 */
export const inRows = (text: string, columns: number | undefined): readonly string[] =>
  columns === undefined ? [ofCertainWidth(text)] : wrap(text, columns, goesOn);
