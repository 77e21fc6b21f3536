import type { CompiledPolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import type { Guard } from '../verdict.ts';

/** The policy in force. A reload changes what `current` returns; a decision uses one policy from start to end. */
export interface PolicySource {
  current(): CompiledPolicy;
}

/** Asks the policy: the one guard that can allow. */
export const policyGuard = (policies: PolicySource): Guard => ({
  name: 'policy',
  counts: false,
  judge: ({ facts }) => {
    const decision = decide(policies.current(), facts);
    return decision.effect === 'deny'
      ? { effect: 'deny', reason: 'policy_denied', decision }
      : { effect: decision.effect, decision };
  },
});
