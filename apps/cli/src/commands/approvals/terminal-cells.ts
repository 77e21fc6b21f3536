/** Letters of East Asian scripts and pictures, which are two cells wide. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}|[\u{20000}-\u{3fffd}]/u;
const combining = /\p{M}/u;

const widthOf = (character: string): number => (combining.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** How many cells of a terminal a text takes. */
export function cells(text: string): number {
  let count = 0;
  for (const character of text) count += widthOf(character);
  return count;
}

/** As much of a text as fits into so many cells; what is cut shows it. */
export function clip(text: string, width: number): string {
  if (cells(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return width < 1 ? '' : `${kept}…`;
}

export const pad = (text: string, width: number): string => {
  const clipped = clip(text, width);
  return clipped + ' '.repeat(Math.max(0, width - cells(clipped)));
};

/** A text as lines of at most so many cells; the following ones begin with `indent`. Nothing is left out. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const character of text) {
    const size = widthOf(character);
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
