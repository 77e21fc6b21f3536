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
