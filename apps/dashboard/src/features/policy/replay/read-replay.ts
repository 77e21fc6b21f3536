export const effectsBefore = ['allow', 'ask', 'deny'] as const;
export const effectsAfter = ['allow', 'ask', 'deny', 'unknown'] as const;
export type Before = (typeof effectsBefore)[number];
export type After = (typeof effectsAfter)[number];

export interface ReplayCount {
  readonly before: Before;
  readonly after: After;
  readonly calls: number;
}

const strictness: Readonly<Record<Before, number>> = { allow: 0, ask: 1, deny: 2 };

/** What going from one effect to the other means. What cannot be told is never taken for the same. */
export function kindOfChange(before: Before, after: After): 'same' | 'looser' | 'stricter' | 'unknown' {
  if (after === 'unknown') return 'unknown';
  if (before === after) return 'same';
  return strictness[after] < strictness[before] ? 'looser' : 'stricter';
}

/** How many calls went from one effect to the other. */
export const callsOf = (counts: readonly ReplayCount[], before: Before, after: After): number =>
  counts.reduce(
    (sum, count) => (count.before === before && count.after === after ? sum + count.calls : sum),
    0,
  );

/** So many calls would be decided otherwise, by what that means. */
export function changesByKind(
  counts: readonly ReplayCount[],
): Readonly<Record<'looser' | 'stricter', number>> {
  const sums = { looser: 0, stricter: 0 };
  for (const { before, after, calls } of counts) {
    const kind = kindOfChange(before, after);
    if (kind === 'looser' || kind === 'stricter') sums[kind] += calls;
  }
  return sums;
}
