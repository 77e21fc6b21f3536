'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import type { RuleHits } from '../policy-answers.ts';

export const hitDays = 30;

/** How often each rule decided in the last {@link hitDays} days; undefined while that is not known. */
export function useRuleHits(proxy: string): ReadonlyMap<string, RuleHits> | undefined {
  const api = useApi();
  // One question for as long as the page is looked at, so that what changes is its answer.
  const [since] = useState(() => Date.now() - hitDays * 86_400_000);
  const { data } = useQuery(api.history.ruleHits.queryOptions({ proxy, since }, { select: byRule }));
  return data;
}

const byRule = (hits: readonly RuleHits[]): ReadonlyMap<string, RuleHits> =>
  new Map(hits.map((hit) => [hit.rule, hit]));
