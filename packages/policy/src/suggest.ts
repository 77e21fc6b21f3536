/** The word of `words` that `written` was most likely meant to be, or undefined. */
function closest(written: string, words: readonly string[]): string | undefined {
  const normal = normalized(written);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(Math.min(normal.length, 24) / 3)) + 1;
  for (const word of words) {
    const distance = editDistance(normal, normalized(word));
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** The word that `written` stands for: a known synonym's, else the closest, else undefined. */
export function meantWord(
  written: string,
  words: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string | undefined {
  const lower = normalized(written);
  return Object.hasOwn(synonyms, lower) ? synonyms[lower] : closest(written, words);
}

/** "Did you mean …?" as a fix: the closest word, else a known synonym, else the whole list. */
export function suggestion(
  written: string,
  words: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string {
  const meant = meantWord(written, words, synonyms);
  return meant === undefined ? `Use one of: ${words.join(', ')}.` : `Did you mean "${meant}"?`;
}

const normalized = (text: string): string => text.slice(0, 64).toLowerCase().replace(/[-_ ]/g, '');

/** Insertions, removals, replacements and swaps of neighbours between two short words. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
