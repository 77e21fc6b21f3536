import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createManualClock } from '@mcp-acp/testing/manual-clock';
import { describe, expect, it } from 'vitest';
import { rateLimitGuard } from '../src/guards/rate-limit-guard.ts';
import { answer, asks, events, ids, only, pending, refusal, write } from './asking.ts';
import { call, createPepUnderTest, initialize, result, turn, watching } from './pep-under-test.ts';

/** Calls made to be more than they seem, or more than is good for whoever holds them. */
const bigLines = 32 * 1024 * 1024;

describe('a question about arguments of any size', () => {
  it.each([
    ['one long string', 'x'.repeat(30_000_000)],
    ['escapes without end', '\\"'.repeat(3_000_000)],
  ])('[ASK-HELD] is held: %s', async (_what, content) => {
    const pep = createPepUnderTest({ rules: asks(), person: watching, lineLimitBytes: bigLines });
    await pep.say('client', write(1, '/srv/a.txt', content));
    expect(only(pep).state).toBe('held');
    await pep.say('client', call(2, 'read_file', { path: '/srv/a' }));
    expect(ids(pep.atServer)).toEqual([2]);
  });

  it('[ASK-BOUNDED] keeps the bytes of a call in memory, and not what a parser makes of them', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    collect();
    const before = process.memoryUsage().heapUsed;
    const bulk = '{},'.repeat(9_900);
    const lines = Array.from(
      { length: 200 },
      (_, id) =>
        `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"write_file","arguments":{"n":${id},"a":[${bulk}0]}}}`,
    );
    await pep.say('client', ...lines);
    expect(pending(pep)).toHaveLength(200);
    collect();
    // Parsed, each of them takes half a megabyte.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(40_000_000);
    await answerFirst(pep);
    expect(pep.decisions().at(-1)?.payload).toEqual(expect.any(String));
  });

  const answerFirst = async (pep: ReturnType<typeof createPepUnderTest>): Promise<void> => {
    const [{ approval, digest } = { approval: '', digest: '' }] = pending(pep);
    pep.point.approvals.answer({ approval, digest, answer: 'deny' }, 'cli');
    await turn();
  };
});

describe('what a question shows', () => {
  it('[ASK-BOUND] paths inside texts, where the rule looks there: they are called out, and no folder is granted past them', async () => {
    const pep = createPepUnderTest({
      rules: `
  - { id: all, effect: allow, when: { mcp_method: "tools/call" } }
  - { id: keys, effect: ask, when: { path_pattern: "**/.ssh/**", mentions: all }, grant: { ttl: 10m, scope: path } }
`,
      person: watching,
    });
    await pep.say('client', write(1, '/home/user/a/b.sh', 'echo hi >> /home/user/.ssh/config'));
    expect(only(pep).destinations.map(({ text }) => text)).toContain('/home/user/.ssh/config');
    expect(only(pep).offers.map(({ path }) => path)).not.toContain('/home/user/a');
    await answer(pep, 'approve', { reach: { scope: 'path', path: '/home/user' } });
    await pep.say('client', write(2, '/home/user/a/c.sh', 'cat /etc/.ssh/key'));
    expect(ids(pep.atServer)).toEqual([1]);
    expect(only(pep).destinations.map(({ text }) => text)).toContain('/etc/.ssh/key');
  });

  it('[APPROVAL-SHOWN] a place once, though it is found in more than one way', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say(
      'client',
      call(1, 'write_url', { url: 'https://evil.example.com/x?y=1', command: 'cp /srv/b /srv/c; ls /srv/b' }),
    );
    expect(only(pep).destinations).toMatchObject([
      { kind: 'host', text: 'https://evil.example.com/x?y=1', mentioned: false },
      { kind: 'path', text: '/srv/b', mentioned: true },
      { kind: 'path', text: '/srv/c', mentioned: true },
    ]);
  });

  it('[APPROVAL-SHOWN] other parameters as they were written', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    const others = '"amount":10000000000000000999,"z": 1e400 ,"o":{"name":"\\"}"},"zero":-0';
    await pep.say(
      'client',
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write_a",${others},"arguments":{}}}`,
    );
    expect(pep.point.approvals.card(only(pep).approval).otherParameters).toBe(
      '{"amount":10000000000000000999,"z":1e400,"o":{"name":"\\"}"},"zero":-0}',
    );
  });

  it('[APPROVAL-SHOWN] that a text goes on where it is cut', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', call(1, `write_${'x'.repeat(294)}`, {}));
    expect(only(pep).tool).toMatch(/^write_x+…$/);
    expect(pep.point.approvals.card(only(pep).approval).tool).toBe(`write_${'x'.repeat(294)}`);
  });
});

describe('an answer', () => {
  it('[ASK-BOUND] where a limit asked is to what was shown: a tool defined anew meanwhile is asked about again', async () => {
    const pep = createPepUnderTest({
      rules: '  - { id: writes, effect: allow, when: { tool_name: "write_*" } }',
      person: watching,
      guards: (standard) => [
        ...standard,
        rateLimitGuard({ calls: 1, perMs: 60_000, effect: 'ask' }, createManualClock()),
      ],
    });
    await initialize(pep);
    const list = async (id: string, description: string): Promise<void> => {
      await pep.say('client', { jsonrpc: '2.0', id, method: 'tools/list' });
      await pep.say('server', result(id, { tools: [{ name: 'write_file', description }] }));
    };
    await list('l1', 'harmless');
    await pep.say('client', write(1), write(2));
    await list('l2', 'deletes everything');
    expect(await answer(pep, 'approve')).toMatchObject({ result: 'asked_again' });
    expect(ids(pep.atServer)).toEqual(['l1', 1, 'l2']);
    expect(await answer(pep, 'approve')).toMatchObject({ result: 'released' });
  });

  it('[ASK-GRANTS] that could not be carried out leaves no grant', async () => {
    const pep = createPepUnderTest({
      rules: asks(', grant: { ttl: 10m, scope: tool }'),
      person: watching,
    });
    await pep.say('client', write(1));
    const { append } = pep.journal;
    pep.journal.append = (body, options) => {
      if (body.type === 'decision') throw new Error('no space');
      return append.call(pep.journal, body, options);
    };
    expect(await answer(pep, 'approve', { reach: { scope: 'tool' } })).toMatchObject({
      result: 'refused',
      ended: { end: 'approved' },
    });
    expect(pep.point.approvals.grants()).toEqual([]);
    expect(refusal(pep.atClient[0])).toBe('journal_unavailable');
  });

  it('[ASK-TWO-CLOCKS] that comes late finds room, however many came before', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    let id = 0;
    for (let round = 0; round < 2; round++) {
      const lines = Array.from({ length: 1_600 }, () => write(++id, `/srv/${id}`));
      await pep.say('client', ...lines);
      pep.clock.advance(45_000);
      await turn();
      pep.point.approvals.denyAll(
        pending(pep).map(({ approval }) => approval),
        'cli',
      );
    }
    await pep.say('client', write(9_998, '/srv/wanted'));
    pep.clock.advance(45_000);
    await turn();
    expect(await answer(pep, 'approve')).toMatchObject({ result: 'next_attempt' });
    await pep.say('client', write(9_999, '/srv/wanted'));
    expect(ids(pep.atServer)).toEqual([9_999]);
  });

  it('[ASK-TWO-CLOCKS] two questions that ask the same become one, which is said', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', write(1), write(2));
    pep.clock.advance(45_000);
    await turn();
    expect(events(pep)).toEqual(['asked', 'asked', 'open', 'joined']);
    expect(pep.point.approvals.list().ended).toMatchObject([{ end: 'joined' }]);
  });
});

describe('a rule that wants a certain way', () => {
  it('[ASK-CHANNEL] calls for somebody where nobody who looks on may answer', async () => {
    const summoned: string[] = [];
    const pep = createPepUnderTest({
      rules: asks(', ask: { via: [dialog] }'),
      person: {
        ...watching,
        isWatching: (via) => via === undefined || via.includes('dashboard'),
        summon: ({ approval }) => summoned.push(approval) > 0,
      },
    });
    await pep.say('client', write(1));
    expect(summoned).toEqual([only(pep).approval]);
  });
});
