import { visible } from '@mcp-acp/shared/visible';

/** The only blanks that {@link visible} leaves as they are. */
const longBlanks = / {4,}/g;

/**
 * Long runs of blanks as their number: they would push what stands behind them out of sight, or to the beginning of a line
 * of its own, where it looks like one of ours. The dashboard says it in the same words.
 */
export const withoutLongBlanks = (text: string): string => text.replace(longBlanks, numberOf);

const numberOf = (blanks: string): string => ` (${blanks.length} blanks) `;

/** At the beginning and the end, where those that stand around the text would make a run of them. */
const outerBlanks = /^ {2,}| {2,}$/g;

/** Text of others as a person decides on it: one line, nothing in it hidden or moved. At most `most` UTF-16 units. */
export const shownText = (text: string, most: number): string =>
  withoutLongBlanks(visible(text, most)).replace(outerBlanks, numberOf);
