import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { plainServer } from '../resources/fixtures.ts';
import { TempHome } from '../resources/temp-home.ts';

interface Case {
  readonly what: string;
  readonly tool: string;
  readonly arguments: object;
  readonly expected: 'runs' | 'policy_denied' | 'nobody_could_be_asked';
}

/** Decides each call through one running proxy; `project` stands for the project folder in rules and arguments. */
async function decides(rules: readonly string[], cases: readonly Case[]): Promise<void> {
  await using home = new TempHome();
  const fill = (text: string): string => text.replaceAll('PROJECT', home.project);
  mkdirSync(join(home.project, 'src'));
  writeFileSync(join(home.base, 'outside.txt'), 'x');
  symlinkSync(home.base, join(home.project, 'way-out'));
  const policy = fill(`version: 1\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`);
  home.addProxy('p', { backend: plainServer(), policy, cwd: home.project });
  await using client = home.start('p');
  await client.initialize();
  await client.request('tools/list');
  const wrong: string[] = [];
  for (const { what, tool, expected, ...given } of cases) {
    const { result } = await client.call(tool, JSON.parse(fill(JSON.stringify(given.arguments))));
    const seen = result.isError === true ? result.structuredContent.code : 'runs';
    if (seen !== expected) wrong.push(`${what}: ${seen}, not ${expected}`);
  }
  expect(wrong).toEqual([]);
}

const allowProject =
  '{ id: project, effect: allow, when: { tool_name: "*_file", path_pattern: "PROJECT/**" } }';
const read = (what: string, given: object, expected: Case['expected']): Case => ({
  what,
  tool: 'read_file',
  arguments: given,
  expected,
});

const scenes: readonly {
  readonly title: string;
  readonly rules: readonly string[];
  readonly cases: readonly Case[];
}[] = [
  {
    title: verifies(
      'POLICY-CONDITIONS',
      'all conditions must hold, and one on a fact that is missing does not match',
    ),
    rules: [
      '{ id: both, effect: allow, when: { tool_name: read_file, extension: md } }',
      '{ id: host, effect: allow, when: { tool_name: echo, host: example.com } }',
      '{ id: number, effect: allow, when: { tool_name: echo, arguments: { n: { range: { min: 1, max: 5 } } } } }',
      '{ id: never, effect: deny, when: { tool_name: read_file, not: { extension: [md, txt] } } }',
    ],
    cases: [
      read('both hold', { path: 'PROJECT/a.md' }, 'runs'),
      read('one holds', { path: 'PROJECT/a.txt' }, 'policy_denied'),
      read('no path at all', {}, 'policy_denied'),
      { what: 'a number in range', tool: 'echo', arguments: { n: 3 }, expected: 'runs' },
      { what: 'a number out of range', tool: 'echo', arguments: { n: 6 }, expected: 'policy_denied' },
      { what: 'a number as text', tool: 'echo', arguments: { n: '3' }, expected: 'policy_denied' },
      { what: 'no host', tool: 'echo', arguments: {}, expected: 'policy_denied' },
      { what: 'the host', tool: 'echo', arguments: { url: 'https://example.com/a' }, expected: 'runs' },
      {
        what: 'another host',
        tool: 'echo',
        arguments: { url: 'https://example.com.evil.net/' },
        expected: 'policy_denied',
      },
    ],
  },
  {
    title: verifies(
      'POLICY-OPERANDS',
      'paths are found wherever they are, and resolved before they are judged',
    ),
    rules: [allowProject],
    cases: [
      read('inside', { path: 'PROJECT/src/a.ts' }, 'runs'),
      read('relative to the backend’s folder', { path: 'src/a.ts' }, 'runs'),
      read('a file URI', { uri: 'file://PROJECT/src/a.ts' }, 'runs'),
      read('outside', { path: '/etc/passwd' }, 'policy_denied'),
      read('out by dots', { path: 'PROJECT/src/../../outside.txt' }, 'policy_denied'),
      read('out by a symlink', { path: 'PROJECT/way-out/outside.txt' }, 'policy_denied'),
      read('a twin of the name', { path: 'PROJECT-evil/a.ts' }, 'policy_denied'),
      read('one of two is outside', { paths: ['PROJECT/a.ts', '/etc/passwd'] }, 'policy_denied'),
      read(
        'nested, in camelCase',
        { options: { targetPath: '/etc/passwd', path: 'PROJECT/a.ts' } },
        'policy_denied',
      ),
      read('a file URI outside', { uri: 'file:///etc/passwd' }, 'policy_denied'),
    ],
  },
  {
    title: verifies(
      'POLICY-MENTIONS',
      'a path inside a longer text counts for a denial, not for an allowance',
    ),
    rules: [
      '{ id: everything, effect: allow, when: { tool_name: [echo, read_file] } }',
      '{ id: secrets, effect: deny, when: { path_pattern: "**/.env*" } }',
    ],
    cases: [
      {
        what: 'a command line',
        tool: 'echo',
        arguments: { command: 'cat /srv/app/.env | head' },
        expected: 'policy_denied',
      },
      {
        what: 'a command line without',
        tool: 'echo',
        arguments: { command: 'cat /srv/app/readme' },
        expected: 'runs',
      },
      {
        what: 'a text field',
        tool: 'echo',
        arguments: { content: 'keep secrets in /srv/app/.env please' },
        expected: 'runs',
      },
    ],
  },
  {
    title: verifies(
      'POLICY-VERBS',
      'a tool is judged by the words of its name, and an unknown one as the worst case',
    ),
    rules: [
      '{ id: everything, effect: allow, when: { tool_name: "*" } }',
      '{ id: writes, effect: ask, when: { operations: [write] } }',
      '{ id: deletes, effect: deny, when: { operations: [delete] } }',
    ],
    cases: [
      { what: 'reads', tool: 'read_file', arguments: {}, expected: 'runs' },
      { what: 'writes', tool: 'write_file', arguments: {}, expected: 'nobody_could_be_asked' },
      { what: 'deletes', tool: 'delete_file', arguments: {}, expected: 'policy_denied' },
      { what: 'reads and deletes', tool: 'read_and_delete', arguments: {}, expected: 'policy_denied' },
      { what: 'is unknown', tool: 'frobnicate', arguments: {}, expected: 'policy_denied' },
    ],
  },
  {
    title: verifies('POLICY-LINEAR', 'a pattern and a path made to be slow are decided all the same'),
    rules: [
      `{ id: slow, effect: deny, when: { path_pattern: "**/${'a*'.repeat(30)}b" } }`,
      '{ id: everything, effect: allow, when: { tool_name: read_file } }',
    ],
    cases: [
      read('no match in a long path', { path: `/${'a'.repeat(3_000)}` }, 'runs'),
      read('a match in a long path', { path: `/${'a'.repeat(3_000)}b` }, 'policy_denied'),
      // More parts than are followed on the disk: nobody knows where it leads, so the deny holds.
      read('many parts', { path: `/${'a/'.repeat(1_500)}` }, 'policy_denied'),
    ],
  },
];

describe('through the built program', () => {
  for (const { title, rules, cases } of scenes) it(title, () => decides(rules, cases));

  const layered = [
    '{ id: allows, effect: allow, when: { tool_name: "*" } }',
    '{ id: asks, effect: ask, when: { tool_name: [write_file, delete_file] } }',
    '{ id: denies, effect: deny, when: { tool_name: delete_file } }',
  ];
  for (const rules of [layered, [...layered].reverse()]) {
    it(
      verifies('DENY-BEATS-ASK-BEATS-ALLOW', `the strictest rule decides (${rules[0]?.slice(6, 12)} first)`),
      () =>
        decides(rules, [
          read('allowed', {}, 'runs'),
          { what: 'asked', tool: 'write_file', arguments: {}, expected: 'nobody_could_be_asked' },
          { what: 'denied', tool: 'delete_file', arguments: {}, expected: 'policy_denied' },
        ]),
    );
  }
});
