import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkPolicy, parsePolicy } from '@mcp-acp/policy/check-policy';
import type { JsonObject } from '@mcp-acp/shared/json';
import { expect, test } from 'vitest';
import { callOfRecord, effectForRecord } from '../src/call-for-rule.ts';
import { changeRule } from '../src/change-rule.ts';
import { readPolicy } from '../src/policies.ts';
import { proposeRules, type RuleProposal } from '../src/propose-rules.ts';
import type { CallForRule } from '../src/propose-shapes.ts';
import { judgeIn, recordCalls } from './past-scene.ts';
import { workshop } from './workshop.ts';

const asks = `version: 1
rules:
  # whatever changes something
  - id: changes
    effect: ask
    when: { operations: [write, delete] }
  - { id: no-secrets, effect: deny, when: { path_pattern: "**/.env*" } }
`;

async function proposed(
  w: ReturnType<typeof workshop>,
  tool: string,
  args?: JsonObject,
  effect?: 'allow' | 'deny',
): Promise<readonly RuleProposal[]> {
  const call: CallForRule = {
    method: 'tools/call',
    from: 'client',
    subject: 'local:test',
    tool,
    ...(args === undefined ? {} : { arguments: args }),
  };
  const past = { days: 1, home: homedir(), now: Date.now() };
  const task = { paths: w.paths, proxy: 'files', call, ...past, ...(effect === undefined ? {} : { effect }) };
  for await (const step of proposeRules(task, new AbortController().signal)) {
    if (step.type === 'result') return step.proposals;
  }
  throw new Error('there was no result');
}

test('[PROPOSE-RULES] from narrow to wide, each with what it would have done to the past', async () => {
  using w = workshop(asks);
  await recordCalls(w, asks, [
    { tool: 'write_file', arguments: { path: '/p/src/a.ts', content: 'x' } },
    { tool: 'write_file', arguments: { path: '/p/src/b.ts' }, reason: 'person_denied' },
    { tool: 'write_file', arguments: { path: '/p/src/.env' } },
    { tool: 'write_file', arguments: { path: '/q/c.ts' } },
    { tool: 'write_file', arguments: { path: '/p/src/d.ts' }, payload: 'lost' },
    { tool: 'read_file', arguments: { path: '/p/src/a.ts' } },
  ]);
  const proposals = await proposed(w, 'write_file', { path: '/p/src/a.ts', content: 'x' });
  expect(
    proposals.map(({ rule, summary: _, yaml: __, changes: ___, ...counts }) => [rule.when, counts]),
  ).toEqual([
    [
      { tool_name: 'write_file', path_pattern: '/p/src/a.ts' },
      { matched: 1, personDenied: 0, policyDenied: 0, unknown: 1 },
    ],
    [
      { tool_name: 'write_file', path_pattern: '/p/src/**' },
      { matched: 3, personDenied: 1, policyDenied: 1, unknown: 1 },
    ],
    [{ tool_name: 'write_file' }, { matched: 5, personDenied: 1, policyDenied: 1, unknown: 0 }],
  ]);
  expect(new Set(proposals.map(({ rule }) => rule.id)).size).toBe(3);
  expect(proposals[0]?.summary).toBe(
    'Allow calls of write_file on /p/src/a.ts. No longer asked about by changes.',
  );
});

test('[PROPOSE-RULES] with all its changes a proposal lets the call pass, and nothing else that was asked about', async () => {
  using w = workshop(asks);
  const call = { tool: 'write_file', arguments: { path: '/p/src/a.ts', content: 'x' } };
  for (const { changes, rule, yaml } of await proposed(w, call.tool, call.arguments)) {
    let text = readPolicy(w.paths, 'files').text;
    for (const change of changes) text = changeRule(text, change);
    expect(checkPolicy(text, 'x').ok).toBe(true);
    expect(text).toContain('# whatever changes something');
    expect(judgeIn(w, text)(call)).toMatchObject({ effect: 'allow', decision: { decidedBy: rule.id } });
    const judge = judgeIn(w, text);
    expect(judge({ tool: 'delete_file', arguments: { path: '/p/src/a.ts' } }).effect).toBe('ask');
    expect(judge({ tool: 'write_file', arguments: { path: '/p/src/.env' } }).effect).toBe('deny');
    expect(parsePolicy(`version: 1\nrules:\n${yaml}`, 'x').rules).toHaveLength(1);
  }
});

test('[PROPOSE-RULES] a rule that names arguments says that others may stand beside them, and counts the calls that had some', async () => {
  const text = `version: 1
rules:
  - { id: runs, effect: ask, when: { tool_name: "run_*" } }
`;
  using w = workshop(text);
  await recordCalls(w, text, [
    { tool: 'run_job', arguments: { job: 'x', env: 'other' }, reason: 'person_denied' },
  ]);
  const [narrowest] = await proposed(w, 'run_job', { job: 'x' });
  expect(narrowest).toMatchObject({ rule: { id: 'allow-run-job-with-job' }, matched: 1, personDenied: 1 });
  expect(narrowest?.summary).toContain('Other arguments may stand beside these.');
  expect(narrowest?.summary).not.toContain('exactly the same');
});

const countsOf = ({ rule, matched, personDenied, policyDenied, unknown }: RuleProposal) => [
  rule.when,
  { matched, personDenied, policyDenied, unknown },
];

test('[PROPOSE-RULES] for a call a person denied: denials from narrow to wide, which count the same calls as an allow does', async () => {
  using w = workshop(asks);
  await recordCalls(w, asks, [
    { tool: 'write_file', arguments: { path: '/p/src/a.ts', content: 'x' }, reason: 'person_denied' },
    { tool: 'write_file', arguments: { path: '/p/src/b.ts' } },
    { tool: 'write_file', arguments: { path: '/p/src/.env' } },
    { tool: 'write_file', arguments: { path: '/q/c.ts', note: '[redacted]' } },
    { tool: 'write_file', arguments: { path: '/p/src/d.ts' }, payload: 'lost' },
    { tool: 'write_file', arguments: { path: '/p/src/e.ts', content: 'y'.repeat(99) }, payload: 'cut' },
    { tool: 'read_file', arguments: { path: '/p/src/a.ts' } },
  ]);
  const given = { path: '/p/src/a.ts', content: 'x' };
  const denials = await proposed(w, 'write_file', given, 'deny');
  const allows = await proposed(w, 'write_file', given);
  expect(denials.map(countsOf)).toEqual(allows.map(countsOf));
  expect(denials.map(({ rule }) => [rule.id, rule.effect])).toEqual([
    ['deny-write-file-a-ts', 'deny'],
    ['deny-write-file-in-src', 'deny'],
    ['deny-write-file', 'deny'],
  ]);
  expect(denials[0]).toMatchObject({ summary: 'Deny calls of write_file on /p/src/a.ts.', personDenied: 1 });
  for (const { changes, rule } of denials) {
    expect(changes).toEqual([{ kind: 'add', rule }]);
    const judge = judgeIn(w, changeRule(readPolicy(w.paths, 'files').text, { kind: 'add', rule }));
    expect(judge({ tool: 'write_file', arguments: given })).toMatchObject({
      effect: 'deny',
      decision: { decidedBy: rule.id },
    });
    expect(judge({ tool: 'delete_file', arguments: given }).effect).toBe('ask');
  }
});

test('[PROPOSE-RULES] a rule after which the call would be stopped all the same is not proposed, unless there is no other', async () => {
  using denied = workshop(asks);
  const [only, ...others] = await proposed(denied, 'write_file', { path: '/p/src/.env' });
  expect(others).toEqual([]);
  expect(only?.summary).toMatch(/It would still be denied by no-secrets\.$/);
  expect(only?.rule.when).toEqual({ tool_name: 'write_file', path_pattern: '/p/src/.env' });
  using open = workshop(asks);
  expect(await proposed(open, 'write_file', { path: '/p/src/a.ts' })).toHaveLength(3);
});

test('[PROPOSE-RULES] what a rule does is what the person answered', () => {
  expect(effectForRecord({ type: 'decision', effect: 'ask', reason: 'person_denied' })).toBe('deny');
  for (const reason of [undefined, 'approval_expired', 'policy_denied'])
    expect(effectForRecord({ type: 'decision', effect: 'ask', reason })).toBe('allow');
});

test('what belongs to mcp-acp gets no rule, nor does a folder that holds it', async () => {
  using w = workshop(asks);
  expect(await proposed(w, 'write_file', { path: join(w.paths.home, 'x') })).toEqual([]);
  const beside = await proposed(w, 'write_file', { path: join(w.dir, 'x') });
  expect(beside.map(({ rule }) => Object.keys(rule.when as object))).toEqual([
    ['tool_name', 'path_pattern'],
    ['tool_name'],
  ]);
});

test('hosts, arguments, patterns in names, and arguments that are not known', async () => {
  using w = workshop();
  const whens = async (tool: string, args?: JsonObject) =>
    (await proposed(w, tool, args)).map(({ rule }) => rule.when);
  expect(await whens('fetch_page', { url: 'https://docs.example.com/a?q=1' })).toEqual([
    { tool_name: 'fetch_page', path_pattern: 'https://docs.example.com/a\\?q=1' },
    { tool_name: 'fetch_page', host: 'docs.example.com' },
    { tool_name: 'fetch_page' },
  ]);
  expect(await whens('make_*', { branch: 'main', n: 3, 'a.b': true })).toEqual([
    {
      tool_name: 'make_\\*',
      arguments: { branch: { equals: 'main' }, n: { equals: 3 }, '["a.b"]': { equals: true } },
    },
    { tool_name: 'make_\\*' },
  ]);
  expect(await whens('write_file')).toEqual([{ tool_name: 'write_file' }]);
  expect(await whens('copy_file', { source: '/p/x/a', destination: '/q/y/b' })).toEqual([
    { tool_name: 'copy_file', source_path: '/p/x/a', dest_path: '/q/y/b' },
    { tool_name: 'copy_file', source_path: '/p/x/**', dest_path: '/q/y/**' },
    { tool_name: 'copy_file' },
  ]);
});

test('of a record only what is kept whole is named', () => {
  const record = {
    type: 'decision',
    method: 'tools/call',
    tool: 'x',
    from: 'client',
    subject: 's',
    effect: 'ask',
  };
  expect(callOfRecord({ record, payload: '{"a":1}' }).arguments).toEqual({ a: 1 });
  for (const payload of [undefined, '{"a":"[redacted]"}', '{"truncated":true,"bytes":9,"head":"{"}', '{"a']) {
    expect(callOfRecord({ record, payload }).arguments).toBeUndefined();
  }
  expect(() => callOfRecord({ record: { type: 'outcome' } })).toThrow(
    expect.objectContaining({ code: 'not_found' }),
  );
});
