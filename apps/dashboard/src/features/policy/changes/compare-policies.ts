import { checkPolicy } from '@mcp-acp/policy/check-policy';
import { compareLoosening } from '@mcp-acp/policy/loosening';

export interface PolicyComparison {
  readonly loosening: boolean;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What an edit does to the rules, by the comparison that the proxy makes too. Undefined where either text is broken. */
export function comparePolicies(before: string, after: string): PolicyComparison | undefined {
  const old = checkPolicy(before, 'before');
  const now = checkPolicy(after, 'after');
  if (!old.ok || !now.ok) return undefined;
  const { loosening, changed } = compareLoosening(old.policy, now.policy);
  const oldIds = new Set(old.policy.rules.map(({ id }) => id));
  const newIds = new Set(now.policy.rules.map(({ id }) => id));
  return {
    loosening,
    added: changed.filter((id) => !oldIds.has(id)),
    changed: changed.filter((id) => oldIds.has(id) && newIds.has(id)),
    removed: changed.filter((id) => !newIds.has(id)),
  };
}
