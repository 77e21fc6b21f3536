import { checkPolicy, parsePolicy } from '@mcp-acp/policy/check-policy';
import { compilePolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import { extractFacts } from '@mcp-acp/policy/facts';
import type { JsonObject } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { importNexusPolicy } from '../src/import-nexus-policy.ts';
import { type NexusCall, nexusDecision } from './naive-nexus.ts';

const rulesOf = (json: object) => {
  const { text } = importNexusPolicy(JSON.stringify(json));
  return (parse(text) as { rules: JsonObject[] }).rules;
};
const one = (effect: string, conditions: object, more: object = {}) =>
  rulesOf({ version: '1', default_action: 'deny', rules: [{ id: 'a', effect, conditions, ...more }] });

test('[POLICY-IMPORT] hitl becomes ask, conditions become when, what is the same stays the same', () => {
  const imported = importNexusPolicy(
    JSON.stringify({
      version: '1',
      rules: [
        {
          id: 'reads',
          description: 'reading',
          effect: 'allow',
          conditions: { tool_name: 'read_file', path_pattern: '/p/**' },
        },
        {
          id: 'writes',
          effect: 'hitl',
          conditions: { path_pattern: ['/p/**', '**/*.key'] },
          cache_side_effects: ['fs_write'],
        },
        { effect: 'deny', conditions: { extension: ['.pem'], mcp_method: 'tools/call' } },
      ],
    }),
  );
  expect(parse(imported.text)).toEqual({
    version: 1,
    rules: [
      {
        id: 'reads',
        description: 'reading',
        effect: 'allow',
        when: { tool_name: 'read_file', path_pattern: '/p/**' },
      },
      { id: 'writes', effect: 'ask', when: { path_pattern: ['/p/**', '**/*.key'] } },
      { id: 'deny-3', effect: 'deny', when: { extension: '.pem', mcp_method: 'tools/call' } },
    ],
  });
  expect(imported.rules).toBe(3);
  expect(imported.text).toContain('# cache_side_effects is left away');
  expect(imported.notes.join()).toContain('"writes": cache_side_effects');
});

test('what cannot be said: an allow is left out, a deny is wider, and each says so', () => {
  expect(one('allow', { side_effects: ['fs_read'] })).toEqual([]);
  expect(one('allow', { tool_name: 'a', new_condition: 'b' })).toEqual([]);
  expect(one('allow', { path_pattern: 'relative/**' })).toEqual([]);
  expect(one('allow', { tool_name: [] })).toEqual([]);
  expect(one('deny', { side_effects: ['code_exec'] })).toEqual([
    { id: 'a', effect: 'deny', when: { tool_name: '*' } },
  ]);
  expect(one('hitl', { backend_id: 'db', tool_name: 'x1' })).toEqual([
    { id: 'a', effect: 'ask', when: { tool_name: '[xX]1' } },
  ]);
  expect(one('deny', { path_pattern: 'keys/*.pem' })).toEqual([
    { id: 'a', effect: 'deny', when: { path_pattern: '**/keys/*.pem' } },
  ]);
  expect(one('deny', { path_pattern: 'C:\\x' })).toEqual([
    { id: 'a', effect: 'deny', when: { path_pattern: '**' } },
  ]);
  const { text } = importNexusPolicy(
    JSON.stringify({
      rules: [{ id: 'x\n- id: evil', effect: 'allow', conditions: { side_effects: ['fs_read'] } }],
    }),
  );
  expect(text).toContain('# "x\\u{a}- id: evil" (allow) is left out: side_effects cannot be said here');
  expect(parse(text)).toEqual({ version: 1, rules: [] });
});

test('an operation is told by the names it was told by there', () => {
  const [read] = one('allow', { operations: ['read'] });
  expect(read?.when).toMatchObject({ operations: ['read', 'list'] });
  expect(one('deny', { operations: ['write'] }).map(({ id }) => id)).toEqual(['a', 'a-by-name']);
  expect(one('allow', { operations: ['read'], tool_name: '*_file' })[0]?.when).toMatchObject({
    tool_name: expect.arrayContaining(['read_*_file', 'read_file']),
  });
});

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['another version', '{"version":"2"}'],
  ['another default', '{"default_action":"allow"}'],
  ['a rule without conditions', '{"rules":[{"effect":"allow"}]}'],
  ['empty conditions', '{"rules":[{"effect":"allow","conditions":{}}]}'],
  ['another effect', '{"rules":[{"effect":"ask","conditions":{"tool_name":"a"}}]}'],
  ['a number for a text', '{"rules":[{"effect":"allow","conditions":{"tool_name":1}}]}'],
  ['an unknown operation', '{"rules":[{"effect":"deny","conditions":{"operations":["run"]}}]}'],
])('refused: %s', (_name, json) => {
  expect(() => importNexusPolicy(json)).toThrow(expect.objectContaining({ code: 'usage' }));
});

test('no rules at all', () => {
  expect(importNexusPolicy('{}')).toMatchObject({ rules: 0, notes: [] });
});

const names = [
  'read_file',
  'READ_file',
  'write_file',
  'bash',
  'Bash',
  'show_settings',
  'delete_get',
  'write_search',
  'k\u212ay',
  'frob',
  'a{b}',
];
const paths = ['/p/a.key', '/p/b/c.KEY', '/p', '/p/x/y/z.md', '/q/ab/c', '/q/axb', '/secrets/.env', '/q/p/b'];
const listOf = <Item>(...items: readonly Item[]) =>
  fc.oneof(fc.constantFrom(...items), fc.subarray([...items], { minLength: 1 }));
const pathPattern = listOf(
  '/p/**',
  '**/*.key',
  '/p/**/z.md',
  '/q/a**b',
  '**',
  '/q/*/c',
  '**/.env',
  '*.key',
  '/q/**/p/**',
  '**.key',
  '/p/a.k??',
  '/q/[ab]/c',
  '**ab/**',
);
const conditions = fc
  .record(
    {
      tool_name: listOf('read_*', 'bash', '*_file', 'KKY', 'k?y', 'a{b}', '[rw]*', '*', 'w*h'),
      path_pattern: pathPattern,
      source_path: pathPattern,
      dest_path: pathPattern,
      operations: fc.subarray(['read', 'write', 'delete'], { minLength: 1 }),
      extension: listOf('.key', '.md', 'key'),
      mcp_method: listOf('tools/*', '*', 'resources/read', 'tools/call'),
      resource_type: fc.constantFrom('tool', 'resource', 'prompt', 'server'),
    },
    { requiredKeys: [] },
  )
  .filter((given) => Object.keys(given).length > 0);
const policy = fc
  .array(fc.record({ effect: fc.constantFrom('allow', 'allow', 'deny', 'hitl'), conditions }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((rules) => ({ version: '1', rules: rules.map((rule, index) => ({ id: `r${index}`, ...rule })) }));
const call = fc.record(
  {
    method: fc.constantFrom(
      'tools/call',
      'tools/call',
      'tools/call',
      'resources/read',
      'prompts/get',
      'roots/list',
      'future/x',
    ),
    tool: fc.constantFrom(...names),
    path: fc.constantFrom(...paths),
    source: fc.constantFrom(...paths),
    destination: fc.constantFrom(...paths),
  },
  { requiredKeys: ['method', 'tool'] },
) as fc.Arbitrary<NexusCall>;

test('[POLICY-IMPORT] what is taken over is never looser', () => {
  fc.assert(
    fc.property(policy, fc.array(call, { minLength: 1, maxLength: 8 }), (given, calls) => {
      const { text } = importNexusPolicy(JSON.stringify(given));
      expect(checkPolicy(text, 'x').ok).toBe(true);
      const compiled = compilePolicy(parsePolicy(text, 'x'), '0'.repeat(64), { home: '/home/ann' });
      for (const { method, tool, ...args } of calls) {
        const named = method === 'tools/call';
        const facts = extractFacts(
          {
            method,
            from: 'client',
            ...(named ? { toolName: tool } : {}),
            ...(method === 'resources/read'
              ? { uri: `file://${args.path ?? '/p'}` }
              : { arguments: args as JsonObject }),
            backendId: 'files',
            backendKind: 'stdio',
            subjectId: 'local:ann',
          },
          { places: (text) => [text] },
        );
        const ours = decide(compiled, facts).effect;
        const theirs = nexusDecision(given, { method, tool, ...args });
        if (ours === 'allow') expect(theirs.effect).toBe('allow');
        if (theirs.effect === 'hitl') expect(ours).not.toBe('allow');
        // There a question comes before a denial; here a denial comes first.
        if (theirs.denied) expect(ours).toBe('deny');
      }
    }),
    { numRuns: 200 },
  );
});
