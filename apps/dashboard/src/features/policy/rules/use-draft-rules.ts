'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useClient } from '../../../api/use-api.ts';
import type { ListedRule } from '../policy-answers.ts';

export interface DraftRules {
  readonly rules?: readonly ListedRule[];
  /** The text is no valid policy: what is listed would be a guess. */
  readonly error?: unknown;
}

/** The rules of a text as it is now. */
export function useDraftRules(text: string): DraftRules {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: ['policy-rules', text],
    queryFn: () => client.policies.rules.mutate({ text }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (error !== null) return { error };
  return data === undefined ? {} : { rules: data };
}
