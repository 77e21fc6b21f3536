import { templates } from '@mcp-acp/policy/templates';
import type { JsonObject } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { changeRule } from '../src/change-rule.ts';
import { listRules } from '../src/list-rules.ts';

const text = `# top
version: 1 # one
rules: # the rules
  # about a
  - id: a # its id
    effect: deny   # why
    # before when
    when:
      tool_name: ["x", # first
        "y"] # last
    # at the end of a

  - { id: b, effect: allow, when: { tool_name: z } } # short
  # about c
  -   id: c
      effect: ask
      description: |
        two # no comment
        lines
      when: { path_pattern: "~/p/**" }
      grant: { ttl: 10m, scope: exact } # reach
# bottom
`;
const rulesIn = (policy: string) => (parse(policy) as { rules: JsonObject[] }).rules;
const commentsIn = (policy: string) =>
  policy.match(/(?<=^|\s)#.*/gm)?.filter((one) => !one.includes('no comment')) ?? [];

const replacements: readonly (readonly [string, string, JsonObject])[] = [
  ['another effect', 'a', { id: 'a', effect: 'ask', when: { tool_name: ['x', 'y'] } }],
  ['another condition', 'a', { id: 'a', effect: 'deny', when: { tool_name: 'x', host: 'h' } }],
  ['another id', 'a', { id: 'a2', effect: 'deny', when: { tool_name: ['x', 'y'] } }],
  [
    'more members',
    'a',
    {
      id: 'a',
      effect: 'ask',
      when: { tool_name: ['x', 'y'] },
      description: 'new',
      grant: { ttl: 'session', scope: 'tool' },
    },
  ],
  ['one in braces', 'b', { id: 'b', effect: 'deny', when: { tool_name: ['z', 'q'] } }],
  ['members gone', 'c', { id: 'c', effect: 'ask', when: { path_pattern: '~/p/**' } }],
  ['everything else', 'c', { effect: 'deny', when: { mcp_method: '*' }, id: 'd' }],
  [
    'a text of lines',
    'c',
    {
      id: 'c',
      effect: 'ask',
      description: 'one',
      when: { path_pattern: '~/p/**' },
      grant: { ttl: '10m', scope: 'exact' },
    },
  ],
];

test.each(replacements)('[POLICY-COMMENTS-KEPT] replaced by %s', (_name, id, rule) => {
  const changed = changeRule(text, { kind: 'replace', id, rule });
  expect(rulesIn(changed)).toEqual(rulesIn(text).map((one) => (one.id === id ? rule : one)));
  for (const comment of commentsIn(text)) expect(changed).toContain(comment);
  // Whatever lies outside the rule is there to the byte.
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.includes(`id: ${id}`));
  const next = lines.findIndex((line, index) => index > start && /^(?: {2}-| {2}#|#|$)/.test(line));
  expect(changed.startsWith(lines.slice(0, start).join('\n'))).toBe(true);
  expect(changed.endsWith(lines.slice(next).join('\n'))).toBe(true);
});

test.each(['a', 'b', 'c'])('removed: %s', (id) => {
  const changed = changeRule(text, { kind: 'remove', id });
  expect(rulesIn(changed).map((rule) => rule.id)).toEqual(['a', 'b', 'c'].filter((one) => one !== id));
  for (const comment of commentsIn(text)) expect(changed).toContain(comment);
});

test('the last rule leaves an empty list', () => {
  const one = 'version: 1\nrules: # r\n  - id: a # x\n    effect: deny\n    when: { tool_name: x }\n# end\n';
  const changed = changeRule(one, { kind: 'remove', id: 'a' });
  expect(parse(changed)).toEqual({ version: 1, rules: [] });
  for (const comment of commentsIn(one)) expect(changed).toContain(comment);
});

test('what a change cannot be made to', () => {
  const rule = { id: 'b', effect: 'deny', when: { tool_name: 'x' } };
  const usage = expect.objectContaining({ code: 'usage' });
  expect(() => changeRule(text, { kind: 'remove', id: 'nobody' })).toThrow(usage);
  expect(() => changeRule(text, { kind: 'replace', id: 'a', rule })).toThrow(usage);
  expect(() => changeRule(text, { kind: 'add', rule })).toThrow(usage);
  expect(() => changeRule('rules: [', { kind: 'remove', id: 'a' })).toThrow(
    expect.objectContaining({ code: 'policy_invalid' }),
  );
});

test('rules are listed as they are written, with their lines', () => {
  expect(listRules(text).map(({ id, effect, line }) => [id, effect, line])).toEqual([
    ['a', 'deny', 5],
    ['b', 'allow', 13],
    ['c', 'ask', 15],
  ]);
  expect(listRules(text)[2]?.rule).toEqual(rulesIn(text)[2]);
});

test('[POLICY-COMMENTS-KEPT] any change of any rule of any layout keeps all comments and all other rules', () => {
  const word = fc.constantFrom('x', 'read_*', 'a b', 'two\nlines', '#no', '- y', '"q"', "it's");
  const when = fc.dictionary(
    fc.constantFrom('tool_name', 'host', 'client'),
    fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 })),
    { minKeys: 1 },
  );
  const rule = fc.record(
    { description: word, effect: fc.constantFrom('allow', 'deny'), when },
    { requiredKeys: ['effect', 'when'] },
  );
  const layouts = [
    text,
    ...Object.values(templates).map((template) => template.text),
    JSON.stringify(parse(text)),
    text.replaceAll('\n', '\r\n'),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...layouts), fc.nat(10), rule, fc.boolean(), (layout, at, made, removes) => {
      const before = rulesIn(layout);
      const id = before[at % Math.max(1, before.length)]?.id;
      if (typeof id !== 'string') return;
      const next: JsonObject = { id, ...made };
      const changed = changeRule(
        layout,
        removes ? { kind: 'remove', id } : { kind: 'replace', id, rule: next },
      );
      const expected = removes
        ? before.filter((one) => one.id !== id)
        : before.map((one) => (one.id === id ? next : one));
      expect(rulesIn(changed)).toEqual(expected);
      for (const comment of commentsIn(layout)) expect(changed).toContain(comment.trimEnd());
    }),
    { numRuns: 300 },
  );
});
