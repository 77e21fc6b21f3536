import type { Effect } from '@mcp-acp/shared/effect';
import type { ArgumentPath } from './argument-path.ts';
import type { CompiledPolicy, CompiledRule, RuleTest } from './compile-policy.ts';
import { candidatesFor } from './decide.ts';
import type { Facts } from './facts.ts';

/** What of a request's facts is not what it was, or not known. */
export interface Unsure {
  readonly operands: boolean;
  readonly texts: boolean;
  readonly sideEffects: boolean;
  /** Whether what stands there may have been something else. */
  argument(path: ArgumentPath): boolean;
}

/** What a policy says of a request that is not known whole. */
export interface UnsureDecision {
  /** Everything it may say, the strongest effect first; one effect is an answer. */
  readonly effects: readonly Effect[];
  /** The rule that decides, where there is one answer and one rule surely gives it. */
  readonly decidedBy?: string;
}

const strength = ['deny', 'ask', 'allow'] as const satisfies readonly Effect[];

/**
 * Decides a request of which something is not known: every effect that the policy could have, whatever stood in the
 * unknown places. Never leaves out one that it has; may name one that it cannot have, since what is unknown to two tests
 * counts as unknown to each by itself.
 */
export function decideUnsure(policy: CompiledPolicy, facts: Facts, unsure: Unsure): UnsureDecision {
  const possible = new Set<Effect>();
  for (const candidate of candidatesFor(policy, facts)) {
    const holds = ruleHolds(candidate, facts, unsure);
    if (holds === 'no') continue;
    const { effect, id } = candidate.rule;
    possible.add(effect);
    if (holds === 'maybe') continue;
    // Rules stand in order of strength: those behind one that surely holds decide nothing.
    const effects = strength.filter((one) => possible.has(one));
    return effects.length === 1 ? { effects, decidedBy: id } : { effects };
  }
  possible.add('deny');
  return { effects: strength.filter((one) => possible.has(one)) };
}

function ruleHolds({ tests }: CompiledRule, facts: Facts, unsure: Unsure): 'yes' | 'no' | 'maybe' {
  let unknown = false;
  for (const test of tests) {
    if (isUnknown(test, unsure)) unknown = true;
    else if (!test.holds(facts)) return 'no';
  }
  return unknown ? 'maybe' : 'yes';
}

function isUnknown({ looksAt }: RuleTest, unsure: Unsure): boolean {
  return (
    (looksAt.operands && unsure.operands) ||
    (looksAt.texts && unsure.texts) ||
    (looksAt.sideEffects && unsure.sideEffects) ||
    looksAt.arguments.some((path) => unsure.argument(path))
  );
}
