import type { AccessRequest } from '@mcp-acp/policy/access-request';
import type { Decision } from '@mcp-acp/policy/decide';
import type { Facts } from '@mcp-acp/policy/facts';
import type { Effect } from '@mcp-acp/shared/effect';
import { stricter } from '@mcp-acp/shared/effect';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { Sender } from '@mcp-acp/shared/journal-record';

/** What is judged: an access request in canonical names, with its facts. */
export interface Access {
  readonly from: Sender;
  readonly request: AccessRequest;
  readonly facts: Facts;
}

/** What one guard says about an access request. Undefined from a guard means it has nothing to say. */
export interface GuardVerdict {
  readonly effect: Effect;
  /** Why, where the effect is not allow. */
  readonly reason?: ErrorCode;
  /** The policy's explanation, from the one guard that asks the policy. */
  readonly decision?: Decision;
}

/** A check every access request passes. It may deny, ask, or have nothing to say; only the policy can allow. */
export interface Guard {
  readonly name: string;
  /** It counts what it judges, so it is not asked about the same request again. */
  readonly counts: boolean;
  judge(access: Access): GuardVerdict | undefined;
}

/** What all guards together say. */
export interface Verdict {
  readonly effect: Effect;
  /** A limit asks, whether the policy does too or not. */
  readonly limited?: boolean;
  readonly reason: ErrorCode | undefined;
  readonly decision: Decision | undefined;
}

/**
 * Asks every guard. Deny beats ask beats allow, and nothing said is deny. A guard that throws denies.
 * `again`: about a request that was judged before. All guards are asked even after one has denied, so that the journal holds the policy's explanation too.
 */
export function judgeAll(guards: readonly Guard[], access: Access, again = false): Verdict {
  let effect: Effect | undefined;
  let limited = false;
  let reason: ErrorCode | undefined;
  let decision: Decision | undefined;
  for (const guard of guards) {
    if (again && guard.counts) continue;
    let said: GuardVerdict | undefined;
    try {
      said = guard.judge(access);
    } catch {
      said = { effect: 'deny', reason: 'guard_failed' };
    }
    if (said === undefined) continue;
    decision ??= said.decision;
    limited ||= said.effect === 'ask' && said.decision === undefined;
    const next = effect === undefined ? said.effect : stricter(effect, said.effect);
    if (next !== effect) reason = said.reason;
    effect = next;
  }
  const verdict: Verdict = {
    effect: effect ?? 'deny',
    reason: effect === undefined ? 'policy_denied' : reason,
    decision,
  };
  return limited ? { ...verdict, limited } : verdict;
}
