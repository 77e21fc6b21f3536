const fromTheRight = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A line for a desktop, which orders letters by their direction: those that are written from the right turn round neither
 * the line nor what stands beside it. Of text that is visible already.
 */
export const isolatedLine = (line: string): string =>
  fromTheRight.test(line) ? `\u2066${line}\u2069` : line;
