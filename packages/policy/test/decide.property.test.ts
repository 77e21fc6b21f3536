import type { JsonObject } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessRequest } from '../src/access-request.ts';
import { parsePolicy } from '../src/check-policy.ts';
import { compilePolicy } from '../src/compile-policy.ts';
import { decide } from '../src/decide.ts';
import { extractFacts } from '../src/facts.ts';
import type { Policy } from '../src/policy.ts';
import { naiveDecision } from './naive-evaluator.ts';
import { home, madeUpDisk } from './textual-resolver.ts';

const listOf = (...values: (string | number | boolean)[]) =>
  fc.oneof(fc.constantFrom(...values), fc.subarray(values, { minLength: 1 }));
const pattern = listOf(
  '~/project/**',
  '/etc/**',
  '**/.env*',
  '**',
  '/home/ann/*',
  '**/a.*',
  'demo://docs/**',
  '**/sub/**',
);
const conditions = {
  tool_name: listOf('read_*', 'write_file', '*_file', 'run_command', '*'),
  mcp_method: listOf('*', 'tools/*', 'resources/read'),
  backend_id: listOf('files', 'm*'),
  client: listOf('cursor', 'claude*'),
  resource_type: listOf('tool', 'resource', 'other'),
  operations: listOf('read', 'list', 'write', 'delete', 'execute'),
  side_effects: listOf('none', 'filesystem', 'network', 'destructive'),
  path_pattern: pattern,
  source_path: pattern,
  dest_path: pattern,
  extension: listOf('txt', 'env', 'md'),
  scheme: listOf('https', 'file', 'demo'),
  host: listOf('api.example.com', '*.evil.com', 'docs'),
  claims: fc.constantFrom(
    { groups: 'admin*' },
    { level: { range: { min: 3 } } },
    { groups: { absent: true } },
  ),
  arguments: fc.constantFrom<object>(
    { mode: 'safe*' },
    { n: { range: { min: 1, max: 5 } } },
    { n: { equals: 3 }, mode: { absent: true } },
    { 'list[*].x': { one_of: ['a', 1] } },
    { list: 'a' },
    { mode: { absent: false } },
  ),
};
const someConditions = fc
  .tuple(fc.shuffledSubarray(Object.keys(conditions), { minLength: 1, maxLength: 3 }), fc.record(conditions))
  .map(([names, all]) => Object.fromEntries(names.map((name) => [name, all[name as keyof typeof all]])));
const when = fc
  .tuple(
    someConditions,
    fc.option(fc.oneof(someConditions, fc.array(someConditions, { minLength: 1, maxLength: 2 })), {
      freq: 2,
    }),
    fc.boolean(),
  )
  .map(([all, not, mentions]) => ({
    ...all,
    ...(not === null ? {} : { not }),
    ...(mentions ? { mentions: 'all' } : {}),
  }));
const rules = fc
  .array(fc.record({ effect: fc.constantFrom('allow', 'allow', 'ask', 'deny'), when }), { maxLength: 6 })
  .map((list) => list.map((rule, index) => ({ id: `r${index}`, ...rule })));

const place = fc.constantFrom(
  'a.txt',
  '.env',
  '/etc/passwd',
  '~/project/a.md',
  '../x',
  '/home/ann/a.env',
  'sub%2fa.txt',
  'link/x',
  'file:///etc/a',
  'https://api.example.com/a',
  'http://x.evil.com',
  'demo://docs/a',
  '/unknown/a',
  'cat /etc/passwd > a.txt',
  'plain',
  '/ETC/x',
  'https://a@docs/x',
);
const args = fc.record(
  {
    path: place,
    source: place,
    destination: place,
    command: place,
    content: place,
    url: place,
    paths: fc.array(place, { maxLength: 3 }),
    mode: fc.constantFrom<unknown>('safe', 'safest', 'other', 3, null, ['safe', 'x'], { a: 1 }),
    n: fc.constantFrom<unknown>(0, 1, 3, 5, 6, '3', 2 ** 60, [1, 2], true),
    list: fc.array(fc.constantFrom<unknown>('a', 'b', { x: 'a' }, { x: 1 }, { x: 'c' }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;
const request = fc.record(
  {
    method: fc.constantFrom(
      'tools/call',
      'tools/call',
      'tools/call',
      'resources/read',
      'future/x',
      'resources/write',
    ),
    from: fc.constant('client' as const),
    toolName: fc.constantFrom(
      'read_file',
      'write_file',
      'run_command',
      'copy_file',
      'delete_x',
      'frob',
      'read_x',
    ),
    arguments: args,
    backendId: fc.constantFrom('files', 'mail'),
    backendKind: fc.constantFrom('stdio' as const, 'stdio' as const, 'http' as const),
    subjectId: fc.constant('local:ann'),
    client: fc.constantFrom('cursor', 'claude-code', 'x'),
    claims: fc.constantFrom<JsonObject>(
      { groups: ['admins', 'x'] },
      { groups: 'x', level: 4 },
      { level: 2 ** 60 },
      {},
    ),
  },
  { requiredKeys: ['method', 'from', 'backendId', 'backendKind', 'subjectId'] },
) as fc.Arbitrary<AccessRequest>;

const policyOf = (list: unknown): Policy => parsePolicy(JSON.stringify({ version: 1, rules: list }), 'p');
const compiled = (policy: Policy) => compilePolicy(policy, '0', { home });
const outcome = (policy: Policy, facts: ReturnType<typeof extractFacts>) => {
  const { effect, matched } = decide(compiled(policy), facts);
  return { effect, matched: matched.map((rule) => rule.rule).sort() };
};

describe('a decision', () => {
  test('is what the description of the language says', () => {
    const seen = { allow: 0, ask: 0, deny: 0 };
    fc.assert(
      fc.property(rules, request, (list, call) => {
        const policy = policyOf(list);
        const facts = extractFacts(call, madeUpDisk);
        const decision = outcome(policy, facts);
        seen[decision.effect]++;
        expect(decision).toEqual(naiveDecision(policy.rules, facts));
      }),
      { numRuns: 6_000 },
    );
    // The generator is worth something only if all effects come up.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(60);
  }, 120_000);

  test('does not hang on the order of rules, nor on what was decided before', () => {
    fc.assert(
      fc.property(
        rules,
        fc.array(request, { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (list, calls, random) => {
          const shuffled = list
            .map((rule) => ({ rule, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ rule }) => rule);
          const one = compiled(policyOf(list));
          const two = compiled(policyOf(shuffled));
          for (const call of calls) {
            const facts = extractFacts(call, madeUpDisk);
            expect(decide(two, facts)).toEqual(decide(one, facts));
            expect(decide(one, facts)).toEqual(decide(one, facts));
          }
        },
      ),
      { numRuns: 1_000 },
    );
  }, 60_000);

  test('gets no weaker by a deny or ask more, and no stronger by an allow more', () => {
    const strength = { allow: 0, ask: 1, deny: 2 };
    fc.assert(
      fc.property(rules, when, request, (list, more, call) => {
        const facts = extractFacts(call, madeUpDisk);
        const before = decide(compiled(policyOf(list)), facts);
        const after = (effect: string) =>
          decide(compiled(policyOf([...list, { id: 'more', effect, when: more }])), facts);
        expect(strength[after('deny').effect]).toBeGreaterThanOrEqual(strength[before.effect]);
        expect(strength[after('allow').effect]).toBeLessThanOrEqual(strength[before.effect]);
        if (before.decidedBy !== undefined) {
          expect(strength[after('ask').effect]).toBeGreaterThanOrEqual(strength[before.effect]);
        }
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  test('an allow of some conditions is never wider than a deny of the same', () => {
    fc.assert(
      fc.property(when, request, (conditionsOfRule, call) => {
        const facts = extractFacts(call, madeUpDisk);
        const opened = decide(
          compiled(policyOf([{ id: 'r', effect: 'allow', when: conditionsOfRule }])),
          facts,
        );
        const closed = decide(
          compiled(policyOf([{ id: 'r', effect: 'deny', when: conditionsOfRule }])),
          facts,
        );
        if (opened.matched.length > 0) expect(closed.matched.length).toBe(1);
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);
});
