'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useClient } from '../../../api/use-api.ts';
import type { ListedRule } from '../policy-answers.ts';
import type { TextProblem } from '../yaml/problems-in-text.ts';

export interface DraftRules {
  readonly rules?: readonly ListedRule[];
  /** The text is no valid policy: what would be listed is a guess. */
  readonly problems?: readonly TextProblem[];
  readonly error?: unknown;
}

/** The rules of a text as it is now. */
export function useDraftRules(proxy: string, text: string | undefined): DraftRules {
  const client = useClient();
  const { data, error } = useQuery({
    queryKey: ['policy-rules', proxy, text],
    enabled: text !== undefined,
    queryFn: async (): Promise<DraftRules> => {
      // Asked for the rules of a broken text, the manager could only refuse.
      const { ok, problems } = await client.policies.check.mutate({ proxy, text: text ?? '' });
      return ok ? { rules: await client.policies.rules.mutate({ text: text ?? '' }) } : { problems };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    placeholderData: keepPreviousData,
  });
  return error === null ? (data ?? {}) : { error };
}
