import { describe, expect, it } from 'vitest';
import {
  call,
  createPepUnderTest,
  initialize,
  ofType,
  parse,
  result,
  rules,
  turn,
  watching,
} from './pep-under-test.ts';

describe('deciding', () => {
  it('[DEFAULT-DENY] an access request no rule speaks of is denied and never reaches the server', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', call(1, 'fly_away'));
    expect(pep.atServer).toEqual([]);
    expect(parse(pep.atClient[0])).toMatchObject({
      id: 1,
      result: { isError: true, structuredContent: { code: 'policy_denied', tool: 'fly_away' } },
    });
    expect(pep.decisions()).toMatchObject([{ effect: 'deny', disposition: 'denied', matched: [] }]);
  });

  it('[UNKNOWN-METHOD-ACCESS] an unknown method is under policy', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', { jsonrpc: '2.0', id: 1, method: 'secrets/export' });
    expect(pep.atServer).toEqual([]);
    expect(parse(pep.atClient[0])).toMatchObject({
      id: 1,
      error: { code: -32060, data: { code: 'policy_denied' } },
    });
  });

  it('[METHOD-CLASSES] a known request from the wrong side is under policy', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', { jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: {} });
    expect(pep.decisions()).toMatchObject([{ class: 'access', disposition: 'denied' }]);
  });

  it('[GUARD-THROWS-DENIES] a guard that throws denies', async () => {
    const broken = {
      name: 'broken',
      counts: false,
      judge: () => {
        throw new Error('no');
      },
    };
    const pep = createPepUnderTest({ rules, guards: (standard) => [...standard, broken] });
    await pep.say('client', call(1, 'read_file'));
    expect(pep.atServer).toEqual([]);
    expect(pep.decisions()).toMatchObject([
      { effect: 'allow', disposition: 'denied', reason: 'guard_failed' },
    ]);
  });

  it('[POLICY-OWN-HOME] no rule opens the home, named in a longer text either', async () => {
    const pep = createPepUnderTest({ rules: '  - { id: all, effect: allow, when: { mcp_method: "*" } }' });
    await pep.say('client', call(1, 'run', { command: 'cat ~/.mcp-acp/proxies/x/policy.yaml' }));
    await pep.say('client', call(2, 'read_file', { path: '../.mcp-acp' }));
    await pep.say('client', call(3, 'read_file', { path: '../.mcp-acpx' }));
    expect(pep.decisions().map(({ reason }) => reason)).toEqual([
      'protected_path',
      'protected_path',
      undefined,
    ]);
    expect(pep.atServer).toHaveLength(1);
  });

  it('[ASK-NOBODY] an ask with nobody to ask is refused at once', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', call(1, 'write_file'));
    expect(parse(pep.atClient[0]).result.structuredContent.code).toBe('nobody_could_be_asked');
    expect(pep.decisions()).toMatchObject([{ effect: 'ask', disposition: 'unanswered' }]);
  });

  it('[METHOD-CLASSES] a tools/call without an id, which a careless server would run, goes no further', async () => {
    const pep = createPepUnderTest({ rules });
    const { id: _, ...disguised } = call(1, 'read_a');
    await pep.say(
      'client',
      disguised,
      { jsonrpc: '2.0', method: 'run/it' },
      { jsonrpc: '2.0', method: 'notifications/ext' },
    );
    expect(pep.atServer.map((line) => parse(line).method)).toEqual(['notifications/ext']);
    expect(pep.atClient).toEqual([]);
    expect(pep.decisions().map(({ disposition }) => disposition)).toEqual([
      'malformed',
      'denied',
      'observed',
    ]);
  });

  it('an approved ask is forwarded, one cancelled while it is held never is', async () => {
    const pep = createPepUnderTest({ rules, person: watching });
    await pep.say(
      'client',
      call(1, 'write_file'),
      call(2, 'write_file'),
      call(3, 'write_file'),
      call(1, 'write_file'),
    );
    expect(pep.atServer).toEqual([]);
    expect(parse(pep.atClient[0])).toMatchObject({ id: null, error: { data: { code: 'duplicate_id' } } });
    await pep.say('client', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    for (const { approval, digest } of pep.point.approvals.list().pending)
      pep.point.approvals.answer({ approval, digest, answer: 'approve' }, 'cli');
    await turn();
    expect(pep.atServer.map((line) => parse(line).id)).toEqual([1, 3]);
    expect(pep.decisions().filter(({ disposition }) => disposition === 'cancelled')).toMatchObject([
      { reason: 'request_cancelled' },
    ]);
  });

  it('[NAMES-CANONICAL] what lacks the name a decision needs is refused as invalid parameters', async () => {
    const pep = createPepUnderTest({ rules: '  - { id: all, effect: allow, when: { mcp_method: "*" } }' });
    await pep.say(
      'client',
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: {} },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 5 } },
      { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'a\0b' } },
      { jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'a', arguments: [] } },
      { jsonrpc: '2.0', id: 5, method: 'resources/read', params: {} },
    );
    expect(pep.atServer).toEqual([]);
    expect(pep.decisions().map(({ reason }) => reason)).toEqual(Array(5).fill('invalid_params'));
  });
});

describe('answers', () => {
  it('[ONE-ANSWER] a second answer, one to an unknown id and one before the request go nowhere', async () => {
    const pep = createPepUnderTest({ rules });
    pep.journal.mode = 'hold';
    await pep.say('client', call(1, 'read_a'));
    await pep.say('server', result(1));
    expect(pep.atClient).toEqual([]);
    pep.journal.mode = 'work';
    pep.journal.releaseSync();
    await pep.say('server', result(1), result(1), result(99));
    expect(pep.atClient).toHaveLength(1);
    expect(pep.decisions().filter(({ reason }) => reason === 'unexpected_answer')).toHaveLength(3);
  });

  it('[IDS-BY-TYPE] 1 and "1" are two requests', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', call(1, 'read_a'), call('1', 'read_b'));
    await pep.say('server', result('1'), result(1));
    expect(pep.atClient.map((line) => parse(line).id)).toEqual(['1', 1]);
  });

  it('[REFUSAL-ID] an id in flight is not used for an error', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say(
      'client',
      call(1, 'read_a'),
      call(1, 'read_a'),
      '{"jsonrpc":"2.0","id":1,"id":1,"method":"x"}',
    );
    expect(pep.atClient.map((line) => parse(line).id)).toEqual([null, null]);
    await pep.say('client', '{"jsonrpc":"2.0","id":7,"method":"x","method":"x"}');
    expect(parse(pep.atClient[2])).toMatchObject({ id: 7, error: { data: { code: 'duplicate_key' } } });
  });

  it('[BACKEND-UNREADABLE] a broken answer becomes one error for its request', async () => {
    const pep = createPepUnderTest({ rules, lineLimitBytes: 2000 });
    await pep.say('client', call(1, 'read_a'), call(2, 'read_b'), call(3, 'read_c'));
    await pep.say(
      'server',
      '{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}',
      `{"jsonrpc":"2.0","result":{"t":"${'x'.repeat(5000)}"},"id":2}`,
      'Server listening on stdio',
      result(3),
    );
    expect(pep.atClient.map((line) => parse(line).id)).toEqual([1, 2, 3]);
    expect(pep.outcomes().map(({ status }) => status)).toEqual(['unreadable', 'unreadable', 'ok']);
  });

  it('a backend’s broken request with the id of a client’s call leaves that call alone', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', call(1, 'read_a'));
    await pep.say(
      'server',
      '{"jsonrpc":"2.0","id":1,"method":"roots/list","method":"roots/list"}',
      result(1),
    );
    expect(pep.atClient.map((line) => parse(line))).toMatchObject([{ id: 1, result: {} }]);
    expect(parse(pep.atServer[1])).toMatchObject({ id: 1, error: { data: { code: 'duplicate_key' } } });
  });
});

describe('journal', () => {
  it('[INTENT-DURABLE] nothing leaves before its intent is durable, and order is kept behind it', async () => {
    const pep = createPepUnderTest({ rules });
    pep.journal.mode = 'hold';
    const note = { jsonrpc: '2.0', method: 'notifications/initialized' };
    await pep.say('client', call(1, 'read_a'), note, { jsonrpc: '2.0', id: 2, method: 'tools/list' });
    expect(pep.atServer).toEqual([]);
    pep.journal.releaseSync();
    await turn();
    expect(pep.atServer.map((line) => parse(line).method)).toEqual(['tools/call', note.method, 'tools/list']);
  });

  it('[FAILED-JOURNAL-REFUSES][FAILED-JOURNAL-CANCELS] with a failed journal only cancellations pass', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', call(1, 'read_a'));
    pep.journal.mode = 'fail_write';
    await pep.say('client', call(2, 'read_a'), { jsonrpc: '2.0', id: 3, method: 'tools/list' });
    await pep.say('client', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await pep.say('client', { jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    expect(pep.atServer.map((line) => parse(line).method)).toEqual(['tools/call', 'notifications/cancelled']);
    expect(pep.atClient.map((line) => parse(line).id)).toEqual([2, 3]);
    expect(pep.atClient.every((line) => line.includes('journal_unavailable'))).toBe(true);
    pep.journal.mode = 'work';
    await pep.say('client', call(4, 'read_a'));
    expect(pep.atServer).toHaveLength(3);
  });

  it('[OUTCOME-BEFORE-ANSWER] an answer whose outcome cannot be recorded is withheld', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', call(1, 'read_a'));
    pep.journal.mode = 'fail_write';
    await pep.say('server', result(1, { content: [{ type: 'text', text: 'secret' }] }));
    expect(pep.atClient).toHaveLength(1);
    expect(pep.atClient[0]).toContain('outcome_unrecorded');
    expect(pep.atClient[0]).not.toContain('secret');
  });

  it('[DISK-FAILS] a failed sync refuses what waited for it and records that it was not sent', async () => {
    const pep = createPepUnderTest({ rules });
    pep.journal.mode = 'fail_sync';
    await pep.say('client', call(1, 'read_a'));
    expect(pep.atServer).toEqual([]);
    expect(pep.atClient[0]).toContain('journal_unavailable');
    expect(pep.outcomes()).toMatchObject([{ decision: 1, status: 'not_sent' }]);
  });

  it('[PAYLOAD-APART] no argument value is in a record', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('client', call(1, 'read_a', { path: '/home/user/project/kiwi', token: 'kiwi-secret' }));
    expect(JSON.stringify(pep.journal.records)).not.toContain('kiwi');
    expect(pep.decisions()[0]?.payload).toBe('payload 1');
  });

  it('records who talks to whom and which tools there are', async () => {
    const pep = createPepUnderTest({ rules });
    await initialize(pep);
    await pep.say('client', { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    await pep.say('server', result(1, { tools: [{ name: 'read_a', inputSchema: {} }] }));
    await pep.say('client', { jsonrpc: '2.0', id: 2, method: 'tools/list' });
    await pep.say('server', result(2, { tools: [{ name: 'read_a', inputSchema: { type: 'object' } }] }));
    expect(ofType(pep.journal, 'session')).toMatchObject([
      { event: 'identified', client: 'agent', server: 'files', revision: '2025-11-25', era: 'stateful' },
    ]);
    const [seen, changed] = ofType(pep.journal, 'tool');
    expect([seen?.event, changed?.event]).toEqual(['seen', 'changed']);
    expect(changed?.previous).toBe(seen?.digest);
  });
});

describe('the other direction', () => {
  it('[SERVER-REQUESTS-JUDGED] requests of the backend are judged too', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say(
      'server',
      { jsonrpc: '2.0', id: 1, method: 'roots/list' },
      { jsonrpc: '2.0', id: 2, method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } },
      { jsonrpc: '2.0', id: 3, method: 'ping' },
    );
    expect(pep.atClient.map((line) => parse(line).method)).toEqual(['roots/list', 'ping']);
    expect(parse(pep.atServer[0])).toMatchObject({ id: 2, error: { data: { code: 'policy_denied' } } });
    await pep.say('client', result(1, { roots: [] }), result(3, {}));
    expect(pep.atServer).toHaveLength(3);
    expect(pep.outcomes().map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  it('[INPUT-REQUEST-WITHHELD] a result that asks for something denied is withheld', async () => {
    const pep = createPepUnderTest({ rules });
    const ask = (method: string) => ({
      resultType: 'input_required',
      inputRequests: { one: { method, params: {} } },
      requestState: 's1',
    });
    await pep.say('client', call(1, 'read_a'), call(2, 'read_a'));
    await pep.say('server', result(1, ask('sampling/createMessage')), result(2, ask('roots/list')));
    expect(parse(pep.atClient[0])).toMatchObject({ id: 1, result: { isError: true } });
    expect(parse(pep.atClient[1])).toMatchObject({ id: 2, result: { resultType: 'input_required' } });
    expect(pep.outcomes().map(({ status }) => status)).toEqual(['withheld', 'input_required']);
  });

  it('[BOTH-ERAS] a round that returns its state with unchanged arguments continues the call, once', async () => {
    const pep = createPepUnderTest({ rules });
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    const round = (id: number, args: object, more: object = {}) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'read_a', arguments: args, _meta, ...more },
    });
    await pep.say('client', round(1, { a: 1 }));
    await pep.say(
      'server',
      result(1, { resultType: 'input_required', requestState: 'opaque', inputRequests: {} }),
    );
    const state = { requestState: 'opaque', inputResponses: {} };
    await pep.say('client', round(2, { a: 2 }, state), round(3, { a: 1 }, state), round(4, { a: 1 }, state));
    const first = pep.journal.records.findIndex((record) => record.type === 'decision') + 1;
    expect(pep.decisions().map(({ continues }) => continues)).toEqual([
      undefined,
      undefined,
      first,
      undefined,
    ]);
    expect(pep.decisions()[1]?.revision).toBe('2026-07-28');
  });
});
