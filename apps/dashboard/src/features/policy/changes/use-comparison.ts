'use client';

import { useQuery } from '@tanstack/react-query';
import type { PolicyComparison } from './compare-policies.ts';

/** What an edit does to the rules; undefined while it is compared, null where either text is broken. */
export function useComparison(before: string, after: string): PolicyComparison | null | undefined {
  const { data } = useQuery({
    queryKey: ['compare-policies', before, after],
    // The reader of YAML comes with it, so it is loaded when there is something to compare.
    queryFn: async () => (await import('./compare-policies.ts')).comparePolicies(before, after) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    placeholderData: (previous) => previous,
  });
  return data;
}

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
