import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replayPolicy } from '../src/replay/replay-policy.ts';
import { judgeIn, type MadeCall, recordCalls, replayed } from './past-scene.ts';
import { workshop } from './workshop.ts';

const policyOf = (...rules: object[]): string => JSON.stringify({ version: 1, rules });
const all = policyOf({ id: 'all', effect: 'allow', when: { mcp_method: '*' } });
const noEnv = policyOf(
  { id: 'all', effect: 'allow', when: { mcp_method: '*' } },
  { id: 'env', effect: 'deny', when: { path_pattern: '**/.env*' } },
);

test('[REPLAY-CHANGES] says which decisions and how many questions would be others', async () => {
  using w = workshop();
  await recordCalls(w, all, [
    { tool: 'read_file', arguments: { path: '/p/.env' } },
    { tool: 'read_file', arguments: { path: '/p/a' } },
    { tool: 'write_file', arguments: { path: '/p/a' }, client: 'x' },
  ]);
  const asks = policyOf(
    { id: 'reads', effect: 'allow', when: { operations: 'read' } },
    { id: 'writes', effect: 'ask', when: { operations: 'write' } },
    { id: 'env', effect: 'deny', when: { path_pattern: '**/.env*' } },
  );
  expect(await replayed(w, asks)).toMatchObject({
    calls: 3,
    unknown: 0,
    promptsBefore: 0,
    promptsAfter: 1,
    counts: [
      { before: 'allow', after: 'allow', calls: 1 },
      { before: 'allow', after: 'ask', calls: 1 },
      { before: 'allow', after: 'deny', calls: 1 },
    ],
    changed: [
      {
        tool: 'write_file',
        client: 'x',
        before: 'allow',
        after: 'ask',
        decidedBefore: 'all',
        decidedAfter: 'writes',
      },
      { tool: 'read_file', before: 'allow', after: 'deny', decidedAfter: 'env' },
    ],
    changedTotal: 2,
  });
});

test('[REPLAY-UNKNOWN] what is not kept whole is unknown, unless the answer is the same whatever it was', async () => {
  const secret = { path: '/p/a', apiKey: 'abc' };
  for (const call of [
    { tool: 'read_file', arguments: { path: '/p/a' }, payload: 'lost' },
    { tool: 'read_file', arguments: { path: '/p/a' }, payload: 'cut' },
    { tool: 'read_file', arguments: { ...secret, url: 'https://me:hidden@example.com/a' } },
  ] as const satisfies MadeCall[]) {
    using w = workshop();
    await recordCalls(w, all, [call]);
    expect(await replayed(w, noEnv), JSON.stringify(call)).toMatchObject({ unknown: 1 });
    expect(await replayed(w, all)).toMatchObject({ unknown: 0, changedTotal: 0 });
    const named = policyOf({ id: 'no', effect: 'deny', when: { tool_name: 'read_*' } });
    expect(await replayed(w, named)).toMatchObject({ unknown: 0, counts: [{ after: 'deny', calls: 1 }] });
  }
  using w = workshop();
  await recordCalls(w, all, [{ tool: 'read_file', arguments: secret }]);
  // The secret's value named no path, or the record would count one more.
  expect(await replayed(w, noEnv)).toMatchObject({ unknown: 0, changedTotal: 0 });
  const looks = policyOf({ id: 'a', effect: 'allow', when: { arguments: { apiKey: 'x*' } } });
  expect(await replayed(w, looks)).toMatchObject({ unknown: 1 });
});

test('where no arguments are kept at all, none is taken for a call without', async () => {
  using w = workshop();
  await recordCalls(w, all, [{ tool: 'read_file', arguments: { path: '/p/.env' } }], { keeps: false });
  expect(await replayed(w, noEnv)).toMatchObject({ calls: 1, unknown: 1 });
});

test('a call that really had no arguments is known', async () => {
  using w = workshop();
  await recordCalls(w, all, [{ tool: 'read_x' }, { tool: 'read_x', arguments: {} }]);
  const absent = policyOf({ id: 'a', effect: 'allow', when: { arguments: { a: { absent: true } } } });
  expect(await replayed(w, absent)).toMatchObject({ calls: 2, unknown: 0, changedTotal: 0 });
});

test('protected paths deny as in the proxy', async () => {
  using w = workshop();
  await recordCalls(w, policyOf(), [
    { tool: 'read_file', arguments: { path: join(w.paths.home, 'manager.json') } },
  ]);
  expect(await replayed(w, all)).toMatchObject({ counts: [{ before: 'deny', after: 'deny', calls: 1 }] });
});

test('only calls of the days asked for, of all streams', async () => {
  using w = workshop();
  const day = 24 * 3_600_000;
  await recordCalls(w, all, [{ tool: 'read_old', arguments: {} }], { at: Date.now() - 3 * day });
  await recordCalls(w, all, [{ tool: 'read_new', arguments: {} }]);
  await recordCalls(w, all, [{ tool: 'read_newer', arguments: {} }]);
  expect((await replayed(w, policyOf(), 1)).calls).toBe(2);
  expect((await replayed(w, policyOf(), 4)).calls).toBe(3);
});

test('records of guards before the policy are left out, and so is what a tampered journal says', async () => {
  using w = workshop();
  const instance = await recordCalls(w, all, [{ tool: 'read_a', arguments: { path: '/p/a' } }]);
  const file = join(w.paths.auditDir('files'), `${instance}.0001.jsonl`);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('read_a', 'read_b'));
  await expect(replayed(w, all)).rejects.toMatchObject({ code: 'audit_unavailable' });
  writeFileSync(file, text);
  appendFileSync(file, '{}\n');
  await expect(replayed(w, all)).rejects.toMatchObject({ code: 'audit_unavailable' });
  writeFileSync(file, text);
  const [payloads] = readdirSync(w.paths.payloadsDir('files'));
  const store = join(w.paths.payloadsDir('files'), payloads ?? '');
  writeFileSync(store, readFileSync(store, 'utf8').replace('/p/a', '/p/b'));
  // Arguments that are not those of the record are no arguments.
  expect(await replayed(w, noEnv)).toMatchObject({ unknown: 1 });
});

test('ends with the signal, without a result', async () => {
  using w = workshop();
  await recordCalls(w, all, [{ tool: 'read_a', arguments: {} }]);
  const end = new AbortController();
  const task = { paths: w.paths, proxy: 'files', text: all, days: 1, home: homedir(), now: Date.now() };
  const seen: string[] = [];
  for await (const step of replayPolicy(task, end.signal)) {
    seen.push(step.type);
    end.abort();
  }
  expect(seen).toEqual(['progress']);
});

const place = fc.constantFrom(
  '/p/a.md',
  '/p/.env',
  '~/x.txt',
  'src/a.ts',
  '../b',
  'https://api.example.com/a?q=1',
  'http://me:pass@other.example/x',
  'cat /p/.env',
  'plain',
  'file:///p/b',
  'ghp_abcdefghijklmnopqrstuvwxyz0123',
);
const args = fc.record(
  {
    path: place,
    source: place,
    destination: place,
    command: place,
    content: place,
    url: place,
    token: fc.oneof(place, fc.constantFrom<unknown>(3, { path: '/p/.env' }, true, null)),
    secretFile: place,
    mode: fc.constantFrom<unknown>('safe', 3, null, ['safe']),
    'k /p/x': fc.constant('v'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;
const call = fc.record(
  {
    tool: fc.constantFrom('read_file', 'write_file', 'run_command', 'copy_file', 'frob'),
    arguments: args,
    client: fc.constantFrom('a', 'b'),
    payload: fc.constantFrom('kept', 'kept', 'kept', 'cut', 'lost'),
    hints: fc.constantFrom({ destructiveHint: true }, { readOnlyHint: false }, { openWorldHint: true }, {}),
  },
  { requiredKeys: ['tool'] },
) as fc.Arbitrary<MadeCall>;
const when = fc.constantFrom<object>(
  { mcp_method: '*' },
  { tool_name: 'read_*' },
  { operations: ['read', 'list'] },
  { side_effects: ['network', 'filesystem'] },
  { path_pattern: '/p/**' },
  { path_pattern: '**/.env*', mentions: 'all' },
  { source_path: '/p/**', dest_path: '~/**' },
  { extension: ['md', 'env'] },
  { host: '*.example.com' },
  { host: 'other.example' },
  { arguments: { mode: 'safe' } },
  { arguments: { token: { absent: true } } },
  { arguments: { 'token.path': '/p/*' } },
  { client: 'a', not: { path_pattern: '/p/**' } },
  { tool_name: '*', not: [{ extension: 'env' }, { arguments: { secretFile: '/p/*' } }] },
);
const rules = fc
  .array(fc.record({ effect: fc.constantFrom('allow', 'allow', 'ask', 'deny'), when }), { maxLength: 5 })
  .map((list) => policyOf(...list.map((rule, index) => ({ id: `r${index}`, ...rule }))));

test('[REPLAY-AS-LIVE] [REPLAY-UNKNOWN] replayed is as decided live, or unknown where something was lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 1, maxLength: 6 }),
      rules,
      rules,
      async (calls, then, candidate) => {
        using w = workshop();
        await recordCalls(w, then, calls);
        const same = await replayed(w, then);
        expect(same.changed.filter(({ after }) => after !== 'unknown')).toEqual([]);
        const other = await replayed(w, candidate);
        const live = judgeIn(w, candidate);
        const before = judgeIn(w, then);
        const wanted = calls.map((one) => ({ before: before(one).effect, after: live(one).effect }));
        expect(other.calls).toBe(calls.length);
        // Each call is counted as decided live or as unknown: what is not unknown never exceeds what it would be.
        for (const effect of ['allow', 'ask', 'deny'] as const) {
          const counted = other.counts
            .filter(({ after }) => after === effect)
            .reduce((sum, one) => sum + one.calls, 0);
          expect(counted).toBeLessThanOrEqual(wanted.filter(({ after }) => after === effect).length);
        }
        for (const change of other.changed) {
          const index = change.seq - 2;
          expect(change.before).toBe(wanted[index]?.before);
          if (change.after !== 'unknown') expect(change.after).toBe(wanted[index]?.after);
          else expect(calls[index]).toSatisfy(lostSomething);
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** Only where something is missing may the answer be unknown. */
const lostSomething = (one: MadeCall): boolean =>
  one.arguments === undefined ||
  one.payload === 'cut' ||
  one.payload === 'lost' ||
  /token|secret|ghp_|:pass@/.test(JSON.stringify(one.arguments));
