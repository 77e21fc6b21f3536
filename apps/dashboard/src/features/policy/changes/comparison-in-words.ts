import type { PolicyComparison } from './compare-policies.ts';

/** `2 rules added, 1 removed`, or that only the text around the rules differs. */
export function comparisonInWords({ added, changed, removed }: PolicyComparison): string {
  const parts = [
    [added.length, 'added'],
    [changed.length, 'changed'],
    [removed.length, 'removed'],
  ] as const;
  const said = parts.filter(([count]) => count > 0);
  if (said.length === 0) return 'No rule changes: only comments, order or descriptions.';
  return said
    .map(([count, word], index) => `${count}${index === 0 ? (count === 1 ? ' rule' : ' rules') : ''} ${word}`)
    .join(', ');
}
