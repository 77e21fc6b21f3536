import type { JsonObject } from '@mcp-acp/shared/json';
import { expect, test } from 'vitest';
import { checkPolicy, parsePolicy } from '../src/check-policy.ts';
import { describeRule } from '../src/describe-rule.ts';

const rules: readonly (readonly [string, JsonObject])[] = [
  [
    'Allow calls of read_* on ~/project/**.',
    { id: 'a', effect: 'allow', when: { tool_name: 'read_*', path_pattern: '~/project/**' } },
  ],
  ['Deny every request.', { id: 'a', effect: 'deny', when: { mcp_method: '*' } }],
  [
    'Ask before any request that write or delete; one yes may stand for the very same call for 10m.',
    {
      id: 'a',
      effect: 'ask',
      when: { operations: ['write', 'delete'] },
      grant: { ttl: '10m', scope: 'exact' },
    },
  ],
  [
    'Ask before calls of x; one yes may stand for the same tool for the session, 3 times; to be approved from the dashboard or the terminal.',
    {
      id: 'a',
      effect: 'ask',
      when: { tool_name: 'x' },
      grant: { ttl: 'session', scope: 'tool', uses: 3 },
      ask: { via: ['dashboard', 'cli'] },
    },
  ],
  [
    'Allow requests resources/read on host *.example.com unless it is any request on URIs of scheme http, or any request from client x.',
    {
      id: 'a',
      effect: 'allow',
      when: {
        mcp_method: 'resources/read',
        host: '*.example.com',
        not: [{ scheme: 'http' }, { client: 'x' }],
      },
    },
  ],
  [
    'Deny any request where argument branch is main or release-* and n is from 1 to 5 and force is exactly true and dry is left out (paths inside texts count too).',
    {
      id: 'a',
      effect: 'deny',
      when: {
        arguments: {
          branch: ['main', 'release-*'],
          n: { range: { min: 1, max: 5 } },
          force: { equals: true },
          dry: { absent: true },
        },
        mentions: 'all',
      },
    },
  ],
];

test.each(rules)('[POLICY-PLAIN-WORDS] %s', (words, rule) => {
  expect(checkPolicy(JSON.stringify({ version: 1, rules: [rule] }), 'x').ok).toBe(true);
  expect(describeRule(rule)).toBe(words);
});

test('what is quoted is made visible', () => {
  expect(describeRule({ id: 'a', effect: 'allow', when: { tool_name: 'read\u202Efile' } })).toBe(
    'Allow calls of read\\u{202e}file.',
  );
});

test('[POLICY-SESSION-GRANT] a grant may last as long as the session', () => {
  const text =
    'version: 1\nrules:\n  - { id: a, effect: ask, when: { tool_name: x }, grant: { ttl: session, scope: tool } }\n';
  expect(parsePolicy(text, 'x').rules[0]?.grant).toEqual({ ttlMs: Number.POSITIVE_INFINITY, scope: 'tool' });
});
