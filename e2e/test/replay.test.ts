import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replayCandidate, writeReplayPast } from '../bench/replay-past.ts';
import { verifies } from '../requirements.ts';
import { runCommand } from '../resources/command-line.ts';
import { plainServer } from '../resources/fixtures.ts';
import { records } from '../resources/journal.ts';
import { type RunningManager, startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';

const policy = [
  'version: 1',
  'rules:',
  '  # whatever reads',
  '  - { id: reads, effect: allow, when: { operations: [read, list], path_pattern: "~/project/**" } }',
  '  - { id: echoes, effect: allow, when: { tool_name: echo, arguments: { mode: "safe*" } } }',
  '  - { id: writes, effect: ask, when: { operations: [write, delete] } }',
  '  - { id: no-secrets, effect: deny, when: { path_pattern: "**/.env*" } }',
  '',
].join('\n');

const calls: readonly (readonly [string, object])[] = [
  ['read_file', { path: 'a.txt' }],
  ['read_file', { path: '.env' }],
  ['read_file', { path: '~/project/../home/manager.json' }],
  ['write_file', { path: '~/project/a.txt', content: 'x' }],
  ['echo', { mode: 'safe', url: 'https://me:hidden@example.com/a?token=1' }],
  ['echo', { mode: 'other', apiKey: 'abc' }],
  ['echo', {}],
  ['read_file', { path: `~/project/${'a'.repeat(9_000)}` }],
];

async function aPast(home: TempHome): Promise<void> {
  home.addProxy('files', { backend: plainServer(), policy, cwd: home.project });
  writeFileSync(join(home.project, 'a.txt'), 'x');
  await using client = home.start('files');
  await client.initialize();
  await client.request('tools/list');
  for (const [tool, args] of calls) await client.call(tool, args);
}

async function json(home: TempHome, ...args: string[]) {
  const run = await runCommand(home, [...args, '--json']);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout);
}

it(
  verifies(
    ['REPLAY-AS-LIVE', 'REPLAY-CHANGES', 'REPLAY-UNKNOWN'],
    'what a proxy recorded is decided again as it was, and otherwise by another policy',
  ),
  async () => {
    await using home = new TempHome();
    await aPast(home);
    const same = await json(home, 'policy', 'replay');
    expect(same.calls).toBe(calls.length);
    const known = same.changed.filter((call: { after: string }) => call.after !== 'unknown');
    expect(known).toEqual([]);
    // The one that was too long to keep, and the one whose URL held a password: rules look at both.
    expect(same.unknown).toBe(2);

    const draft = join(home.base, 'draft.yaml');
    writeFileSync(draft, 'version: 1\nrules:\n  - { id: all, effect: allow, when: { mcp_method: "*" } }\n');
    const all = await json(home, 'policy', 'replay', '--file', draft);
    expect(all).toMatchObject({ promptsBefore: 4, promptsAfter: 0 });
    const denied = all.counts.find((count: { after: string }) => count.after === 'deny');
    expect(denied).toEqual({ before: 'deny', after: 'deny', calls: 1 });

    rmSync(home.paths.payloadsDir('files'), { recursive: true });
    const gone = await json(home, 'policy', 'replay');
    expect(gone.counts.filter((count: { after: string }) => count.after === 'allow')).toEqual([]);
    const text = await runCommand(home, ['policy', 'replay']);
    expect(text.stdout).toContain('calls of the last 30 days');
  },
);

it(
  verifies(
    ['PROPOSE-RULES', 'POLICY-IMPORT'],
    'rules of a call on record, and a policy from elsewhere, in the terminal',
  ),
  async () => {
    await using home = new TempHome();
    await aPast(home);
    const asked = records(home, 'files').find(
      (record) => record.type === 'decision' && record.tool === 'write_file',
    );
    const { proposals } = await json(home, 'policy', 'propose', String(asked?.seq));
    expect(proposals.map(({ rule }: { rule: { when: object } }) => rule.when)).toEqual([
      { tool_name: 'write_file', path_pattern: '~/project/a.txt' },
      { tool_name: 'write_file', path_pattern: '~/project/**' },
      { tool_name: 'write_file' },
    ]);
    const denials = await json(home, 'policy', 'propose', String(asked?.seq), '--effect', 'deny');
    expect(denials.proposals.map(({ rule }: { rule: { effect: string } }) => rule.effect)).toEqual([
      'deny',
      'deny',
      'deny',
    ]);
    const [, , protectedOne] = records(home, 'files').filter(
      (record) => record.type === 'decision' && record.tool === 'read_file',
    );
    expect((await json(home, 'policy', 'propose', String(protectedOne?.seq))).proposals).toEqual([]);

    const file = join(home.base, 'policy.json');
    const rules = [{ id: 'w', effect: 'hitl', conditions: { path_pattern: '/p/**' } }];
    writeFileSync(file, JSON.stringify({ version: '1', rules }));
    const printed = await runCommand(home, ['policy', 'import', file]);
    expect(printed.stdout).toContain('effect: ask');
    const saved = await json(home, 'policy', 'import', file, '--save');
    expect(saved).toMatchObject({ changed: true, rules: 1 });
    expect((await runCommand(home, ['policy', 'show'])).stdout).toBe(printed.stdout);
  },
);

/** Runs to its end, or to its first progress. */
function replay(manager: RunningManager, text: string, until: 'progress' | 'result'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const subscription = manager.client.api.policies.replay.subscribe(
      { proxy: 'files', text, days: 30 },
      {
        onData: (step) => {
          if (step.type !== until) return;
          resolve(step);
          subscription.unsubscribe();
        },
        onError: reject,
      },
    );
  });
}

it(
  verifies('REPLAY-APART', 'the manager answers while it replays, and a replay that nobody waits for ends'),
  async () => {
    await using home = new TempHome();
    await writeReplayPast(home, 5_000);
    await using manager = await startManager(home);
    const text = replayCandidate(50);
    // More than may run at once: each is given up at its first sign of life, and the next one has its turn.
    for (let index = 0; index < 4; index++) {
      expect(await replay(manager, text, 'progress')).toMatchObject({ type: 'progress' });
      expect(await manager.client.api.manager.status.query()).toMatchObject({ pid: manager.pid });
    }
    const ended = replay(manager, text, 'result');
    await manager.client.api.manager.status.query();
    expect(await ended).toMatchObject({ result: { calls: 5_000, unknown: 0 } });
    await expect(replay(manager, 'version: 2', 'result')).rejects.toThrow();
    expect(existsSync(home.paths.managerSocket)).toBe(true);
  },
);
