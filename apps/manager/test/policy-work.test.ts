import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProxy } from '@mcp-acp/admin/proxies';
import { proposeStepSchema, replayStepSchema } from '@mcp-acp/api/ports/policy-work';
import { homePaths } from '@mcp-acp/config/home-paths';
import type { ApprovalCard } from '@mcp-acp/shared/live/approval';
import { expect, test } from 'vitest';
import { createPolicyWork } from '../src/policy-work/create-policy-work.ts';

const policy = 'version: 1\nrules:\n  - { id: w, effect: ask, when: { operations: write } } # why\n';
const decision = {
  type: 'decision',
  method: 'tools/call',
  from: 'client',
  tool: 'write_file',
  subject: 'local:test',
  effect: 'ask',
};
const card = {
  method: 'tools/call',
  from: 'client',
  tool: 'write_file',
  subject: 'local:test',
  arguments: '{"path":"/p/x/a"',
  argumentsLength: 9_999,
} as unknown as ApprovalCard;

function scene(more: object = {}) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'acp-work-')));
  const paths = homePaths({ MCP_ACP_HOME: join(dir, 'home') });
  const actor = { by: 'local:test', channel: 'cli', time: '2026-01-01T00:00:00.000Z' } as const;
  const backend = { transport: 'stdio', command: '/bin/cat', args: [], cwd: dir } as const;
  createProxy(paths, { name: 'files', backend, policy }, actor);
  const work = createPolicyWork({
    paths,
    card: () => Promise.resolve(card),
    record: () => Promise.resolve({ record: { ...decision, ...more }, payload: '{"path":"/p/x/a"}' }),
  });
  return { work, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

const instance = 'inst_aaaaaaaaaaaaaaaa';
const signal = new AbortController().signal;

test('[PROPOSE-RULES] of a record and of a question, as the contract says', async () => {
  using s = scene();
  const whens: unknown[] = [];
  for (const source of [
    { kind: 'record', instance, seq: 3 },
    // Of a question whose arguments are too long to be known whole only the tool is named.
    { kind: 'approval', instance, approval: 'appr_aaaaaaaaaaaaaaaa' },
  ] as const) {
    for await (const step of s.work.propose({ proxy: 'files', source, days: 1 }, signal)) {
      const parsed = proposeStepSchema.parse(step);
      if (parsed.type === 'result')
        whens.push(parsed.proposals.map(({ rule }) => Object.keys(rule.when as object)));
    }
  }
  expect(whens).toEqual([
    [['tool_name', 'path_pattern'], ['tool_name', 'path_pattern'], ['tool_name']],
    [['tool_name']],
  ]);
});

test('[PROPOSE-RULES] of a decision that a person denied denials are proposed, and of any what is asked for', async () => {
  const source = { kind: 'record', instance, seq: 3 } as const;
  const card = { kind: 'approval', instance, approval: 'appr_aaaaaaaaaaaaaaaa' } as const;
  using s = scene({ reason: 'person_denied' });
  const effects = async (wanted: Parameters<typeof s.work.propose>[0]) => {
    for await (const step of s.work.propose(wanted, signal)) {
      const parsed = proposeStepSchema.parse(step);
      if (parsed.type === 'result') return [...new Set(parsed.proposals.map(({ rule }) => rule.effect))];
    }
    return [];
  };
  const proxy = 'files';
  expect(await effects({ proxy, source, days: 1 })).toEqual(['deny']);
  expect(await effects({ proxy, source, days: 1, effect: 'allow' })).toEqual(['allow']);
  expect(await effects({ proxy, source: card, days: 1 })).toEqual(['allow']);
  expect(await effects({ proxy, source: card, days: 1, effect: 'deny' })).toEqual(['deny']);
});

test('a replay of no past, a text that is wrong, a proxy there is not', async () => {
  using s = scene();
  const steps: unknown[] = [];
  for await (const step of s.work.replay({ proxy: 'files', text: policy, days: 1 }, signal))
    steps.push(replayStepSchema.parse(step));
  expect(steps).toMatchObject([{ type: 'result', result: { calls: 0, changed: [] } }]);
  expect(() => s.work.replay({ proxy: 'files', text: 'version: 2', days: 1 }, signal)).toThrow(
    expect.objectContaining({ code: 'policy_invalid' }),
  );
  expect(() => s.work.replay({ proxy: 'none', text: policy, days: 1 }, signal)).toThrow(
    expect.objectContaining({ code: 'proxy_unknown' }),
  );
});

test('rules for a form, a change of one, and a call that is tried', () => {
  using s = scene();
  expect(s.work.rules(policy)).toMatchObject([{ id: 'w', effect: 'ask', line: 3 }]);
  expect(s.work.changeRule(policy, { kind: 'remove', id: 'w' })).toContain('# why');
  const call = { method: 'tools/call', tool: 'write_file', arguments: { path: '/p/a' } };
  expect(s.work.tryCall('files', call, undefined)).toMatchObject({ effect: 'ask', decidedBy: 'w' });
  expect(s.work.importNexus('{}')).toMatchObject({ rules: 0, notes: [] });
  expect(s.work.schema()).toMatchObject({ title: 'mcp-acp policy' });
});
