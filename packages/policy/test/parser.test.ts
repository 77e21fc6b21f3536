import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPolicy, parsePolicy } from '../src/check-policy.ts';

/** Each file begins with what is wrong with it, one problem a line: `#! line:column message => fix`. */
const folder = join(import.meta.dirname, 'parser');

describe('problems', () => {
  for (const file of readdirSync(folder).sort()) {
    test(file, () => {
      const text = readFileSync(join(folder, file), 'utf8');
      const checked = checkPolicy(text, file);
      const found = checked.ok
        ? []
        : checked.problems.map(
            ({ line, column, message, fix }) =>
              `#! ${line}:${column} ${message}${fix === undefined ? '' : ` => ${fix}`}`,
          );
      expect(found).toEqual(text.split('\n').filter((line) => line.startsWith('#! ')));
      expect(found.length).toBeGreaterThan(0);
    });
  }
});

test('the first problem is thrown with its place and the number of others', () => {
  const text = 'version: 1\nrules:\n  - id: a\n    effect: alow\n    when: { tool: x }\n';
  let thrown: unknown;
  try {
    parsePolicy(text, 'policy.yaml');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AcpError);
  expect(thrown).toMatchObject({
    code: 'policy_invalid',
    message: '"alow" is no value of effect. (and 1 more)',
    fix: 'Did you mean "allow"?',
    position: { file: 'policy.yaml', line: 4, column: 13 },
  });
});

test('JSON is a policy too, and every condition is read', () => {
  const policy = {
    version: 1,
    rules: [
      {
        id: 'all-of-it',
        description: 'everything',
        effect: 'ask',
        when: {
          tool_name: ['a*', 'b'],
          mcp_method: 'tools/*',
          backend_id: 'x',
          resource_type: 'tool',
          operations: ['read', 'send'],
          side_effects: 'network',
          path_pattern: '~/p/{a,b}/**',
          source_path: '/s/**',
          dest_path: 'C:/d/**',
          extension: ['.md', 'tar.gz'],
          scheme: 'https',
          host: ['*.example.com', '[::1]'],
          subject_id: 'local:*',
          client: 'cursor',
          claims: { groups: 'admins' },
          arguments: {
            a: 'x*',
            'b[*].c': { one_of: [1, null] },
            d: { range: { min: 1 } },
            e: { absent: false },
            f: true,
          },
          not: [{ tool_name: 'bad' }, { host: 'evil.com' }],
          mentions: 'all',
        },
        grant: { ttl: '10m', scope: 'path', uses: 3 },
        ask: { via: 'dashboard' },
      },
    ],
  };
  const checked = checkPolicy(JSON.stringify(policy, null, 2), 'p');
  expect(checked).toMatchObject({
    ok: true,
    policy: {
      rules: [
        {
          id: 'all-of-it',
          grant: { ttlMs: 600_000, scope: 'path', uses: 3 },
          ask: { via: ['dashboard'] },
          when: {
            tool_name: ['a*', 'b'],
            mentions: 'all',
            not: [{ tool_name: ['bad'] }, { host: ['evil.com'] }],
          },
        },
      ],
    },
  });
});

test('a hostile file ends in problems, soon', () => {
  const bomb = `a: &a [x,x,x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a,*a]`).join('\n')}`;
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const long = `version: 1\nrules: [] #${'x'.repeat(2 * 1024 * 1024)}`;
  for (const text of [
    bomb,
    deep,
    long,
    '\0',
    '%YAML 3.0\n---\n',
    '',
    '#only',
    'null',
    '- 1',
    '"x"',
    '{',
    '\ufeff',
  ]) {
    expect(checkPolicy(text, 'p').ok).toBe(false);
  }
});

test('no text makes the reader throw', () => {
  const bits = fc.constantFrom(
    'version: 1\n',
    'rules:\n',
    '  - id: a\n',
    '    effect: deny\n',
    '    when:',
    ' {',
    '}',
    ' tool_name: ',
    'x',
    '*',
    '&a ',
    '!t ',
    '"',
    "'",
    '[',
    ']',
    ':',
    ',',
    '\n',
    '- ',
    '---\n',
    '<<: ',
    '? ',
    '|',
    '\t',
    '#',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(bits, { maxLength: 30 }).map((parts) => parts.join('')),
      ),
      (text) => {
        const checked = checkPolicy(text, 'p');
        if (!checked.ok) {
          expect(checked.problems.length).toBeGreaterThan(0);
          for (const problem of checked.problems) {
            expect(problem.line).toBeGreaterThanOrEqual(1);
            expect(problem.column).toBeGreaterThanOrEqual(1);
          }
        }
      },
    ),
    { numRuns: 3000 },
  );
});
