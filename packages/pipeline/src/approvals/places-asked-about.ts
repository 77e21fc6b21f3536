import type { CompiledPolicy } from '@mcp-acp/policy/compile-policy';
import type { PathFact } from '@mcp-acp/policy/facts';
import type { Decided } from '../stages/stage-results.ts';

/** Where a request leads, as far as the rules that ask about it look. */
export interface PlacesAskedAbout {
  readonly operands: readonly PathFact[];
  readonly mentions: readonly PathFact[];
  /** False where there may be more. */
  readonly complete: boolean;
}

/** One answer to this question for everything that depends on it: what is shown, what a yes is bound to, how far it may reach. */
export function placesAskedAbout(policy: CompiledPolicy, { classified, verdict }: Decided): PlacesAskedAbout {
  const { facts } = classified.access ?? {};
  if (facts === undefined) return { operands: [], mentions: [], complete: false };
  const { operands, mentions, complete } = facts;
  const asking = new Set(
    verdict?.decision?.matched.flatMap(({ rule, effect }) => (effect === 'ask' ? [rule] : [])),
  );
  const looksIntoTexts = policy.rules.some(({ rule }) => asking.has(rule.id) && rule.when.mentions === 'all');
  if (!looksIntoTexts) return { operands, mentions, complete };
  const inTexts = facts.textMentions();
  return {
    operands,
    mentions: [...mentions, ...inTexts.mentions],
    complete: complete && inTexts.complete,
  };
}
