import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccessRequest } from '../src/access-request.ts';
import { parsePolicy } from '../src/check-policy.ts';
import { compilePolicy } from '../src/compile-policy.ts';
import { decide } from '../src/decide.ts';
import { decideUnsure } from '../src/decide-unsure.ts';
import { extractFacts } from '../src/facts.ts';
import { home, madeUpDisk } from './textual-resolver.ts';

const condition = fc.constantFrom<object>(
  { tool_name: 'read_*' },
  { tool_name: '*' },
  { path_pattern: '~/project/**' },
  { path_pattern: '**/.env*', mentions: 'all' },
  { extension: 'md' },
  { host: '*.example.com' },
  { arguments: { mode: 'safe' } },
  { arguments: { mode: { absent: true } } },
  { side_effects: 'network' },
  { operations: ['read', 'list'] },
  { tool_name: 'read_*', not: { path_pattern: '/etc/**' } },
  { mcp_method: '*', not: [{ arguments: { mode: 'safe' } }, { tool_name: 'x' }] },
);
const rules = fc
  .array(fc.record({ effect: fc.constantFrom('allow', 'ask', 'deny'), when: condition }), { maxLength: 5 })
  .map((list) => list.map((rule, index) => ({ id: `r${index}`, ...rule })));
const args = fc.record(
  {
    path: fc.constantFrom('/home/ann/project/a.md', '/etc/passwd', 'a.md', '.env'),
    url: fc.constantFrom('https://api.example.com/x', 'http://other.net'),
    content: fc.constantFrom('see .env', 'plain'),
    mode: fc.constantFrom('safe', 'other'),
  },
  { requiredKeys: [] },
);
const tool = fc.constantFrom('read_file', 'write_file', 'fetch_url', 'frob');

const requestOf = (toolName: string, given: object): AccessRequest => ({
  method: 'tools/call',
  from: 'client',
  toolName,
  arguments: given as NonNullable<AccessRequest['arguments']>,
  backendId: 'files',
  backendKind: 'stdio',
  subjectId: 'local:ann',
});

test('[REPLAY-UNKNOWN] whatever the unknown arguments were, what is decided then is among what may be decided', () => {
  fc.assert(
    fc.property(rules, tool, fc.array(args, { minLength: 1, maxLength: 4 }), (list, toolName, worlds) => {
      const text = JSON.stringify({ version: 1, rules: list });
      const policy = compilePolicy(parsePolicy(text, 'x'), '0'.repeat(64), { home, paths: madeUpDisk });
      const unknown = { operands: true, texts: true, sideEffects: true, argument: () => true };
      const { effects } = decideUnsure(policy, extractFacts(requestOf(toolName, {}), madeUpDisk), unknown);
      for (const world of worlds) {
        const decision = decide(policy, extractFacts(requestOf(toolName, world), madeUpDisk));
        expect(effects).toContain(decision.effect);
      }
    }),
    { numRuns: 500 },
  );
});

test('where everything is known it decides as ever', () => {
  fc.assert(
    fc.property(rules, tool, args, (list, toolName, given) => {
      const text = JSON.stringify({ version: 1, rules: list });
      const policy = compilePolicy(parsePolicy(text, 'x'), '0'.repeat(64), { home, paths: madeUpDisk });
      const facts = extractFacts(requestOf(toolName, given), madeUpDisk);
      const known = { operands: false, texts: false, sideEffects: false, argument: () => false };
      const decision = decide(policy, facts);
      const { effects, decidedBy } = decideUnsure(policy, facts, known);
      expect(effects).toEqual([decision.effect]);
      expect(decidedBy).toBe(decision.decidedBy);
    }),
    { numRuns: 300 },
  );
});

test('a deny on the name alone is known without arguments', () => {
  const policy = compilePolicy(
    parsePolicy('version: 1\nrules:\n  - { id: no, effect: deny, when: { tool_name: "write_*" } }\n', 'x'),
    '0'.repeat(64),
  );
  const facts = extractFacts(requestOf('write_file', {}), madeUpDisk);
  const unknown = { operands: true, texts: true, sideEffects: true, argument: () => true };
  expect(decideUnsure(policy, facts, unknown)).toEqual({ effects: ['deny'], decidedBy: 'no' });
});
