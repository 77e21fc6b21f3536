import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { templates } from '@mcp-acp/policy/templates';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addRule, type NewRule } from '../src/add-rule.ts';

const rule: NewRule = { id: 'new', effect: 'deny', when: { path_pattern: '**/.env*' } };

test('every byte of a template stays, and the rule is there', () => {
  for (const { text } of Object.values(templates)) {
    const added = addRule(text, rule);
    const before = parsePolicy(text, 'p').rules;
    const after = parsePolicy(added, 'p').rules;
    expect(after.map(({ id }) => id)).toEqual([...before.map(({ id }) => id), 'new']);
    const lines = text.trimEnd().split('\n');
    const kept = added.split('\n');
    for (const line of lines) expect(kept).toContain(line.replace(/ \[\]$/, ''));
  }
});

test.each([
  [
    'comments, odd indents and a block text',
    'version: 1 # one\nrules:\n# first\n-   id: a\n    effect: deny   # why\n    description: |\n      two\n      lines\n    when: {tool_name:   "x"}\n# last\n',
  ],
  ['no newline at the end', 'version: 1\nrules:\n  - id: a\n    effect: deny\n    when: { tool_name: x }'],
  [
    'something after the rules',
    'rules:\n  - id: a\n    effect: deny\n    when: { tool_name: x } # here\nversion: 1\n',
  ],
  [
    'Windows line ends',
    'version: 1\r\nrules:\r\n  - id: a\r\n    effect: deny\r\n    when: { tool_name: x }\r\n',
  ],
  ['an empty list with a comment', 'version: 1\nrules: [] # none yet\n'],
  ['an empty list', 'version: 1\nrules: []\n'],
  ['no rules at all', 'version: 1\nrules:\n'],
  ['JSON', '{"version": 1, "rules": [{"id": "a", "effect": "deny", "when": {"tool_name": "x"}}]}'],
])('%s', (_name, text) => {
  const added = addRule(text, rule);
  const before = (parse(text) as { rules: unknown[] | null }).rules ?? [];
  expect((parse(added) as { rules: unknown[] }).rules).toEqual([...before, rule]);
  for (const comment of text.match(/#.*/g) ?? []) expect(added).toContain(comment.trimEnd());
});

test('whatever a rule holds is what is read back', () => {
  const word = fc.string({ minLength: 1, maxLength: 20 });
  const value = fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(word, value, { minKeys: 1, maxKeys: 3 }), { minLength: 1, maxLength: 4 }),
      (whens) => {
        let text = 'version: 1\n# start\nrules: []\n# end\n';
        const rules = whens.map((when, index): NewRule => ({ id: `r${index}`, effect: 'deny', when }));
        for (const one of rules) text = addRule(text, one);
        expect((parse(text) as { rules: unknown }).rules).toEqual(rules);
        expect(text).toContain('# start');
        expect(text).toContain('# end');
      },
    ),
  );
});

test('a text that cannot be read is refused', () => {
  expect(() => addRule('rules: [', rule)).toThrow(expect.objectContaining({ code: 'policy_invalid' }));
  expect(() => addRule('- a\n', rule)).toThrow(expect.objectContaining({ code: 'policy_invalid' }));
  expect(() => addRule('rules: 3\n', rule)).toThrow(expect.objectContaining({ code: 'policy_invalid' }));
});
