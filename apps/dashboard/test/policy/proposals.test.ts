import { describe, expect, it } from 'vitest';
import { comparePolicies } from '../../src/features/policy/changes/compare-policies.ts';
import { comparisonInWords } from '../../src/features/policy/changes/comparison-in-words.ts';
import { changesOf } from '../../src/features/policy/propose/changes-of-proposal.ts';

describe('a proposed rule', () => {
  it('is added under the chosen id, and what else it changes stays as it was proposed', () => {
    const asks = { kind: 'replace' as const, id: 'writes', rule: { id: 'writes', effect: 'ask' } };
    const proposal = { changes: [{ kind: 'add' as const, rule: { id: 'allow-1', effect: 'allow' } }, asks] };
    expect(changesOf(proposal, 'mine')).toEqual([
      { kind: 'add', rule: { id: 'mine', effect: 'allow' } },
      asks,
    ]);
  });
});

describe('two texts of a policy', () => {
  const policy = (...rules: readonly string[]): string =>
    `version: 1\nrules: [${rules.map((rule) => `{ ${rule} }`).join(', ')}]\n`;
  const reads = 'id: reads, effect: allow, when: { operations: read }';
  const denies = 'id: denies, effect: deny, when: { operations: delete }';

  it('are compared by their rules, and whether more is let through', () => {
    const tightened = comparePolicies(policy(reads), policy(reads, denies));
    expect(tightened).toEqual({ loosening: false, added: ['denies'], changed: [], removed: [] });
    const loosened = comparePolicies(policy(reads, denies), policy(reads.replace('read }', 'list }')));
    expect(loosened).toEqual({ loosening: true, added: [], changed: ['reads'], removed: ['denies'] });
    expect(loosened && comparisonInWords(loosened)).toBe('1 rule changed, 1 removed');
    const same = comparePolicies(policy(reads), `# said\n${policy(reads)}`);
    expect(same && comparisonInWords(same)).toBe('No rule changes: only comments, order or descriptions.');
  });

  it('are not compared where one is broken', () => {
    expect(comparePolicies(policy(reads), 'rules: 5')).toBeUndefined();
  });
});
