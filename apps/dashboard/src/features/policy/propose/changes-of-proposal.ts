import type { RuleChange, RuleProposal } from '../policy-answers.ts';

/** What a proposal does to the policy, in order, with the new rule under the chosen id. */
export const changesOf = ({ changes }: Pick<RuleProposal, 'changes'>, id: string): readonly RuleChange[] =>
  changes.map((change) => (change.kind === 'add' ? { ...change, rule: { ...change.rule, id } } : change));
