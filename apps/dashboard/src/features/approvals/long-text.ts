/** UTF-16 units and lines from which on a text stays closed until it is opened. */
const shortText = { length: 400, lines: 12 } as const;
const excerptLength = 240;
const excerptLines = 6;
const chunkLength = 2_000;
const chunkLines = 60;

export interface TextPart {
  readonly start: number;
  readonly end: number;
}

/** Bounded, for a text that may be as long as a message. */
export const isLong = (text: string): boolean =>
  text.length > shortText.length || linesIn(text) > shortText.lines;

export function linesIn(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** What a closed text shows of itself: its beginning, or the place where it differs from what was approved last. */
export function excerptOf(text: string, changed?: TextPart): TextPart {
  const wanted = changed === undefined || changed.start < excerptLength / 2 ? 0 : changed.start - 60;
  const start = isInsidePair(text, wanted) ? wanted - 1 : wanted;
  return {
    start,
    end: pastBlanks(text, partEnd(text, start, { length: excerptLength, lines: excerptLines })),
  };
}

/** A long text in parts that a screen can hold, whole when put together. No run of blanks is cut in two. */
export function chunksOf(text: string): readonly TextPart[] {
  const chunks: TextPart[] = [];
  for (let start = 0; start < text.length; ) {
    const end = pastBlanks(text, partEnd(text, start, { length: chunkLength, lines: chunkLines }));
    chunks.push({ start, end });
    start = end;
  }
  return chunks;
}

/**
 * The part of `after` that is not as in `before`: between what both begin with and what both end with. Empty where
 * something was only taken out.
 */
export function changedPart(before: string, after: string): TextPart {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (isInsidePair(after, start) || isInsidePair(before, start)) start--;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same])
    same++;
  const end = after.length - same;
  return { start, end: isInsidePair(after, end) ? end + 1 : end };
}

function partEnd(text: string, start: number, most: { length: number; lines: number }): number {
  let end = Math.min(text.length, start + most.length);
  let at = start - 1;
  for (let lines = 0; lines < most.lines; lines++) {
    at = text.indexOf('\n', at + 1);
    if (at === -1 || at >= end) break;
    if (lines === most.lines - 1) end = at + 1;
  }
  return isInsidePair(text, end) ? end + 1 : end;
}

/** A run of blanks is told by its length, so it is never cut. */
function pastBlanks(text: string, from: number): number {
  let end = from;
  while (end < text.length && /[\p{Zs}\t\r\n]/u.test(text[end] as string)) end++;
  return end;
}

/** Whether a cut here would part the two halves of one character. */
const isInsidePair = (text: string, at: number): boolean =>
  at > 0 &&
  at < text.length &&
  /[\uD800-\uDBFF]/.test(text[at - 1] as string) &&
  /[\uDC00-\uDFFF]/.test(text[at] as string);
