import type { JsonValue } from '@mcp-acp/shared/json';
import { describe, expect, test } from 'vitest';
import type { AccessRequest } from '../src/access-request.ts';
import { parsePolicy } from '../src/check-policy.ts';
import { compilePolicy } from '../src/compile-policy.ts';
import { decide } from '../src/decide.ts';
import { describeDecision, tryRules } from '../src/describe-decision.ts';
import { extractFacts, type PathResolver } from '../src/facts.ts';
import { protectedPlaces } from '../src/protected-paths.ts';
import { templates } from '../src/templates.ts';
import { home, madeUpDisk } from './textual-resolver.ts';

const call = (args: Record<string, unknown>, more: Partial<AccessRequest> = {}): AccessRequest => ({
  method: 'tools/call',
  from: 'client',
  toolName: 'read_file',
  backendId: 'files',
  backendKind: 'stdio',
  subjectId: 'local:ann',
  arguments: args as Record<string, JsonValue>,
  ...more,
});
const policy = (...rules: object[]) =>
  compilePolicy(parsePolicy(JSON.stringify({ version: 1, rules }), 'p'), '0', { home });
const allowAndDeny = policy(
  { id: 'in', effect: 'allow', when: { path_pattern: '/**' } },
  { id: 'out', effect: 'deny', when: { path_pattern: '/never/**' } },
);
const effectOf = (request: AccessRequest) => decide(allowAndDeny, extractFacts(request, madeUpDisk));

describe('bounds', () => {
  test.each<[string, Record<string, unknown>]>([
    ['too many operands', { paths: Array.from({ length: 300 }, (_, index) => `/p/${index}`) }],
    [
      'too many mentions',
      { path: '/p', command: Array.from({ length: 300 }, (_, index) => `/p/${index}`).join(' ') },
    ],
    ['too much text', { path: '/p', command: '/p '.repeat(400_000) }],
    ['too many values', { path: '/p', list: Array.from({ length: 100_001 }, () => 1) }],
    ['too long a path', { path: `/p/${'x'.repeat(5000)}` }],
    ['too deep', { path: '/p', deep: JSON.parse(`${'['.repeat(70)}"x"${']'.repeat(70)}`) }],
  ])('%s is the worst case', (_, args) => {
    expect(effectOf(call(args))).toMatchObject({ effect: 'deny', decidedBy: 'out' });
  });

  test('large text fields are not read where no rule asks for it', () => {
    const decision = effectOf(call({ path: '/p', content: '/never/x '.repeat(400_000) }));
    expect(decision).toMatchObject({ effect: 'allow', decidedBy: 'in' });
  });

  test('the resolver is asked a bounded number of times', () => {
    let asked = 0;
    const counting: PathResolver = {
      places: (text) => {
        asked++;
        return [`/x/${text.length}`];
      },
    };
    extractFacts(call({ paths: Array.from({ length: 5000 }, (_, i) => `%2525252e\\${i}`) }), counting);
    expect(asked).toBeLessThanOrEqual(256 * 8 * 2);
  });

  test('the cache of rules by tool name does not grow without end', () => {
    for (let index = 0; index < 5000; index++) {
      decide(
        allowAndDeny,
        extractFacts(call({}, { toolName: `t${index}`, method: `m${index % 200}` }), madeUpDisk),
      );
    }
    let kept = 0;
    for (const tools of allowAndDeny.candidates.values()) kept += tools.size;
    expect(allowAndDeny.candidates.size).toBeLessThanOrEqual(64);
    expect(kept).toBeLessThanOrEqual(64 * 1024);
  });
});

test('web URLs and the paths of HTTP backends are never resolved', () => {
  const never: PathResolver = {
    places: (text) => {
      throw new Error(`resolved ${text}`);
    },
  };
  extractFacts(call({ url: 'https://x.example/a/b', next: 'demo://a/b' }), never);
  extractFacts(call({ path: '~/a/../b', command: 'cat /etc/x' }, { backendKind: 'http' }), never);
});

test('several asks: the strictest grant, and only channels that all take', () => {
  const asks = policy(
    {
      id: 'a',
      effect: 'ask',
      when: { tool_name: 'read_*' },
      grant: { ttl: '10m', scope: 'tool', uses: 5 },
      ask: { via: ['dashboard', 'cli'] },
    },
    {
      id: 'b',
      effect: 'ask',
      when: { operations: 'read' },
      grant: { ttl: '1m', scope: 'path' },
      ask: { via: ['cli', 'dialog'] },
    },
  );
  expect(decide(asks, extractFacts(call({}), madeUpDisk))).toMatchObject({
    effect: 'ask',
    decidedBy: 'a',
    grant: { ttlMs: 60_000, scope: 'path', uses: 5 },
    ask: { via: ['cli'] },
  });
});

test.each([
  ['read-only', 'allow', 'deny', 'deny', 'deny'],
  ['ask-writes', 'allow', 'ask', 'deny', 'ask'],
  ['strict', 'deny', 'deny', 'deny', 'deny'],
  ['allow-all', 'allow', 'allow', 'allow', 'allow'],
] as const)('template %s', (name, read, write, secret, unknown) => {
  const template = compilePolicy(parsePolicy(templates[name].text, name), '0', { home });
  const effect = (tool: string, path: string) =>
    decide(template, extractFacts(call({ path }, { toolName: tool }), madeUpDisk)).effect;
  expect(effect('read_file', 'a.txt')).toBe(read);
  expect(effect('write_file', 'a.txt')).toBe(write);
  expect(effect('read_file', '.env')).toBe(secret);
  expect(effect('frobnicate', 'a.txt')).toBe(unknown);
});

test('without a home an allow on "~/" matches nothing and a deny any folder', () => {
  const rules = [
    { id: 'in', effect: 'allow', when: { path_pattern: ['~/a/**', '/b/**'] } },
    { id: 'out', effect: 'deny', when: { path_pattern: '~/.ssh/**' } },
  ];
  const homeless = compilePolicy(parsePolicy(JSON.stringify({ version: 1, rules }), 'p'), '0');
  const decided = (path: string) => decide(homeless, extractFacts(call({ path }), madeUpDisk)).decidedBy;
  expect(decided('~/a/x')).toBeUndefined();
  expect(decided('/b/x')).toBe('in');
  expect(decided('/b/.ssh/x')).toBe('out');
});

test('a pattern whose folder is a link counts for the place it leads to', () => {
  const rules = [{ id: 'in', effect: 'allow', when: { path_pattern: '/tmp/work/**' } }];
  const followed = compilePolicy(parsePolicy(JSON.stringify({ version: 1, rules }), 'p'), '0', {
    paths: madeUpDisk,
  });
  expect(decide(followed, extractFacts(call({ path: '/tmp/work/a' }), madeUpDisk)).effect).toBe('allow');
});

test('a decision is told in plain lines, near misses included', () => {
  const rules = policy(
    { id: 'in', effect: 'allow', when: { tool_name: 'read_*', path_pattern: '~/project/**' } },
    { id: 'out', effect: 'deny', when: { path_pattern: '/etc/**' } },
  );
  const facts = extractFacts(call({ path: '../x', note: 'cat a\u202e/b' }), madeUpDisk);
  expect(describeDecision(decide(rules, facts), facts, rules)).toEqual([
    'deny: no rule matched, and what no rule allows is denied',
    'facts: tools/call read_file',
    '  operations: read',
    '  side effects: none',
    '  operand "../x" = /home/ann/x',
    'nearly matched allow "in": all but path_pattern',
  ]);
  expect(tryRules(rules, facts)).toEqual([
    { rule: 'out', effect: 'deny', held: [], failed: ['path_pattern'] },
    { rule: 'in', effect: 'allow', held: ['tool_name', 'every operand'], failed: ['path_pattern'] },
  ]);
});

test('[POLICY-OPERANDS] a path that programs read differently is denied by either reading and allowed by neither alone', () => {
  const twoPlaces: PathResolver = { places: () => ['/home/ann/project/src', '/etc/src'] };
  const rules = policy(
    { id: 'in', effect: 'allow', when: { path_pattern: '/home/ann/project/**' } },
    { id: 'etc', effect: 'deny', when: { path_pattern: '/etc/**' } },
  );
  const facts = extractFacts(call({ path: 'link/../src' }), twoPlaces);
  expect(decide(rules, facts)).toMatchObject({ effect: 'deny', decidedBy: 'etc' });
  expect(protectedPlaces(facts, ['/etc'])).toEqual(['/etc/src']);
});
