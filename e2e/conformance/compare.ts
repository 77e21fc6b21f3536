import { type Check, keyOf, type Status } from './checks.ts';

/** A check that two runs judge differently. */
export interface Difference {
  readonly check: string;
  readonly scenario: string;
  readonly before: Status | 'absent';
  readonly after: Status | 'absent';
  readonly detail?: string;
}

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export const countOf = (checks: readonly Check[]): Count => ({
  passed: checks.filter(({ status }) => status === 'SUCCESS').length,
  failed: checks.filter(({ status }) => status === 'FAILURE').length,
});

/**
 * What is worse in `after` than in `before`: a check that passed and does not pass any more, whatever became of it, and
 * a check that fails and did not fail. Empty exactly where the passes of `after` include those of `before` and nothing
 * new fails.
 */
export function losses(before: readonly Check[], after: readonly Check[]): readonly Difference[] {
  const earlier = new Map(before.map((check) => [keyOf(check), check]));
  const later = new Map(after.map((check) => [keyOf(check), check]));
  const keys = [...new Set([...earlier.keys(), ...later.keys()])];
  return keys.flatMap((key) => {
    const [was, is] = [earlier.get(key), later.get(key)];
    const isLost = was?.status === 'SUCCESS' && is?.status !== 'SUCCESS';
    const isNewFailure = was?.status !== 'FAILURE' && is?.status === 'FAILURE';
    if (!isLost && !isNewFailure) return [];
    return [
      {
        check: key,
        scenario: (was ?? is)?.scenario ?? '',
        before: was?.status ?? 'absent',
        after: is?.status ?? 'absent',
        ...(is?.detail === undefined ? {} : { detail: is.detail }),
      },
    ];
  });
}
