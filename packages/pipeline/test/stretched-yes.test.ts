import { afterEach, describe, expect, it } from 'vitest';
import { pending } from './asking.ts';
import { links } from './fixed-paths.ts';
import {
  call,
  createPepUnderTest,
  initialize,
  type PepUnderTest,
  parse,
  result,
  turn,
  watching,
} from './pep-under-test.ts';

/** Ways in which a yes was once good for more than what it was given to. */
const asks = (more = ''): string => `
  - { id: writes, effect: ask, when: { tool_name: "write_*" }${more} }
`;
const granting = (scope: string): string => asks(`, grant: { ttl: 10m, scope: ${scope} }`);
const ids = (pep: PepUnderTest): unknown[] => pep.atServer.map((line) => parse(line).id);

async function answer(pep: PepUnderTest, how: 'approve' | 'deny', scope?: 'exact' | 'tool') {
  const [{ approval, digest } = { approval: '', digest: '' }] = pending(pep);
  const reach = scope === undefined ? {} : { reach: { scope } };
  const answered = pep.point.approvals.answer({ approval, digest, answer: how, ...reach }, 'cli');
  await turn();
  return answered;
}

const version = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
const round = (id: number, more: object = {}, meta: object | undefined = version) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: {
    ...(meta === undefined ? {} : { _meta: meta }),
    name: 'write_file',
    arguments: { path: '/srv/2026-01-01' },
    ...more,
  },
});
const wantsMore = (id: number, requestState: string) =>
  result(id, { resultType: 'input_required', requestState, inputRequests: {} });

afterEach(() => links.clear());

describe('the rounds of a yes', () => {
  it('[ASK-ROUNDS] ride once, though the client changes its era in the middle', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', round(1));
    await answer(pep, 'approve');
    await pep.say('server', wantsMore(1, 's1'));
    await initialize(pep);
    for (const id of [2, 3, 4, 5]) await pep.say('client', round(id, { requestState: 's1' }, undefined));
    expect(ids(pep).length).toBeLessThanOrEqual(1);
  });

  it('[ASK-MUTE] stop with a mute', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', round(1));
    await answer(pep, 'approve');
    await pep.say('server', wantsMore(1, 's1'));
    pep.point.approvals.mute({ tool: 'write_file', forMs: 60_000 }, 'cli');
    await pep.say('client', round(2, { requestState: 's1' }));
    expect(ids(pep)).toEqual([1]);
  });

  it('[ASK-GRANTS] stop with the grant they ride on', async () => {
    const pep = createPepUnderTest({ rules: granting('tool'), person: watching });
    await pep.say('client', round(1));
    await answer(pep, 'approve', 'tool');
    await pep.say('client', round(2));
    await pep.say('server', wantsMore(2, 's2'));
    const [grant] = pep.point.approvals.grants();
    pep.point.approvals.revoke(grant?.grant ?? '', 'cli');
    await pep.say('client', round(3, { requestState: 's2' }));
    expect(ids(pep)).toEqual([1, 2]);
  });
});

describe('what is bound', () => {
  it('[ASK-BOUND] is where a path leads: a link that was moved is another question, for a grant too', async () => {
    links.set('/srv/link', '/srv/safe.txt');
    const pep = createPepUnderTest({ rules: granting('exact'), person: watching });
    const write = (id: number) => call(id, 'write_file', { path: '/srv/link' });
    await pep.say('client', write(1));
    links.set('/srv/link', '/etc/cron.d/x');
    expect((await answer(pep, 'approve')).result).toBe('asked_again');
    expect(pending(pep)[0]?.destinations[0]?.resolved).toBe('/etc/cron.d/x');
    await answer(pep, 'approve', 'exact');
    links.set('/srv/link', '/etc/passwd');
    await pep.say('client', write(2));
    expect(ids(pep)).toEqual([1]);
  });

  it('[ASK-BOUND] is all that is sent, and the card shows what is beside the arguments', async () => {
    const pep = createPepUnderTest({ rules: granting('exact'), person: watching });
    const sudo = { inputResponses: { a: { action: 'accept', content: { sudo: true } } }, as: 'root' };
    await pep.say('client', round(1, sudo));
    const [question] = pending(pep);
    expect(pep.point.approvals.card(question?.approval ?? '').otherParameters).toBe(JSON.stringify(sudo));
    await answer(pep, 'approve', 'exact');
    await pep.say('client', round(2));
    expect(ids(pep)).toEqual([1]);
  });

  it('[ASK-BOUND] is not how keys are ordered, whatever stands in _meta', async () => {
    const pep = createPepUnderTest({ rules: asks() });
    const line = (id: number, args: string) =>
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"_meta":${JSON.stringify(version)},"name":"write_file","arguments":${args}}}`;
    await pep.say('client', line(1, '{"path":"/srv/a","content":"2026-01-01"}'));
    await answer(pep, 'approve');
    await pep.say('client', line(2, '{"content":"2026-01-01", "path":"/srv/a"}'));
    expect(ids(pep)).toEqual([2]);
  });
});

describe('what a grant is not for', () => {
  it('[ASK-GRANTS] past a limit that asks', async () => {
    let isOver = false;
    const limit = {
      name: 'limit',
      counts: true,
      judge: () => (isOver ? ({ effect: 'ask', reason: 'rate_limited' } as const) : undefined),
    };
    const pep = createPepUnderTest({
      rules: granting('tool'),
      person: watching,
      guards: (standard) => [...standard, limit],
    });
    await pep.say('client', call(1, 'write_file', { path: '/srv/a' }));
    await answer(pep, 'approve', 'tool');
    isOver = true;
    await pep.say('client', call(2, 'write_file', { path: '/srv/b' }));
    expect(pending(pep)).toMatchObject([{ limited: true, rule: 'writes', offers: [] }]);
    expect((await answer(pep, 'approve')).result).toBe('released');
    expect(ids(pep)).toEqual([1, 2]);
  });
});

describe('what is over', () => {
  it('[ASK-WITHDRAWN] is what a backend asked that is gone', async () => {
    const pep = createPepUnderTest({
      rules: '  - { id: samples, effect: ask, when: { mcp_method: "sampling/createMessage" } }',
      person: watching,
    });
    await initialize(pep);
    await pep.say('server', { jsonrpc: '2.0', id: 's', method: 'sampling/createMessage', params: {} });
    pep.point.backendGone({ code: 'backend_exited', detail: 'it ended' });
    await turn();
    expect([pending(pep), pep.atClient]).toEqual([[], []]);
  });

  it('[ASK-FIRST-ANSWER] is an open question about a tool that changed: nobody is told that it is asked again', async () => {
    const pep = createPepUnderTest({ rules: asks() });
    await pep.say('client', call(1, 'write_file', { path: '/srv/a' }));
    await pep.say('client', { jsonrpc: '2.0', id: 'l', method: 'tools/list' });
    await pep.say('server', result('l', { tools: [{ name: 'write_file', inputSchema: {} }] }));
    expect(await answer(pep, 'approve')).toMatchObject({ result: 'too_late', ended: { end: 'superseded' } });
  });

  it('[ASK-BOUNDED] is no room that an answer to an open question would need', async () => {
    const pep = createPepUnderTest({ rules: asks() });
    await pep.say('client', call(1, 'write_file', { path: '/srv/a' }));
    for (let index = 0; index < 1_024; index++)
      pep.point.approvals.mute({ tool: `other_${index}`, forMs: 60_000 }, 'cli');
    expect((await answer(pep, 'approve')).result).toBe('next_attempt');
    await pep.say('client', call(2, 'write_file', { path: '/srv/a' }));
    expect(ids(pep)).toEqual([2]);
  });

  it('[ASK-BOUNDED] is a call too large to wait, though it asks what is open already', async () => {
    const pep = createPepUnderTest({ rules: asks(), lineLimitBytes: 40_000_000 });
    const padded = (id: number, file: number, size: number) => ({
      ...call(id, 'write_file', {}),
      params: { name: 'write_file', arguments: { path: `/srv/${file}` }, _meta: { pad: 'x'.repeat(size) } },
    });
    await pep.say('client', padded(1, 1, 1), padded(2, 2, 1));
    await pep.say('client', padded(3, 1, 35_000_000), padded(4, 2, 35_000_000));
    const codes = pep.atClient.map((line) => parse(line).result._meta['io.github.mcp-acp/refusal'].code);
    expect(codes.slice(2)).toEqual(['nobody_could_be_asked', 'too_many_approvals']);
  });

  it('[ASK-TWO-CLOCKS] is the wait of a call that is asked about anew when its own time is over', async () => {
    const pep = createPepUnderTest({ rules: asks(), person: watching });
    await pep.say('client', call(1, 'write_file', { path: '/srv/a' }));
    pep.clock.advance(40_000);
    pep.reload('  - { id: other, effect: ask, when: { tool_name: write_file } }');
    expect(pending(pep)).toMatchObject([{ rule: 'other', state: 'held' }]);
    pep.clock.advance(5_000);
    expect(pending(pep)).toMatchObject([{ rule: 'other', state: 'open' }]);
  });
});
