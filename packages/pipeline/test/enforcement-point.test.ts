import { describe, expect, it } from 'vitest';
import { call, createPepUnderTest, initialize, ofType, result, turn } from './pep-under-test.ts';

const rules = `
  - { id: reads, effect: allow, when: { tool_name: "read_*" } }
  - { id: prompts, effect: allow, when: { mcp_method: "prompts/get" } }
  - { id: roots, effect: allow, when: { mcp_method: "roots/list" } }
  - { id: writes, effect: ask, when: { tool_name: "write_*" } }
  - { id: deletes, effect: deny, when: { tool_name: "*delete*" } }
`;
const parse = (line: string | undefined) => JSON.parse(line ?? 'null');

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
    const answers: ((yes: boolean) => void)[] = [];
    const pep = createPepUnderTest({
      rules,
      approver: {
        ask: () =>
          new Promise((resolve) =>
            answers.push((yes) =>
              resolve(yes ? { kind: 'approved', channel: 'test' } : { kind: 'refused', channel: 'test' }),
            ),
          ),
      },
    });
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
    for (const answer of answers) answer(true);
    await turn();
    expect(pep.atServer.map((line) => parse(line).id)).toEqual([1, 3]);
    expect(pep.decisions().filter(({ disposition }) => disposition === 'cancelled')).toHaveLength(1);
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

describe('batches', () => {
  const batch = (...members: object[]) => `[${members.map((member) => JSON.stringify(member)).join(', ')}]`;

  it('[BATCH-RULES] are forwarded whole in 2025-03-26 if every member may pass', async () => {
    const pep = createPepUnderTest({ rules });
    await initialize(pep, '2025-03-26');
    const line = batch(call(1, 'read_a'), { jsonrpc: '2.0', method: 'notifications/x' }, call(2, 'read_b'));
    await pep.say('client', line);
    expect(pep.atServer).toEqual([line]);
    const answer = batch(result(2), result(1));
    await pep.say('server', answer);
    expect(pep.atClient).toEqual([answer]);
    await pep.say('client', call(3, 'read_a'), call(4, 'read_a'));
    await pep.say('server', batch(result(3), result(99), result(4)));
    expect(pep.atClient.slice(1).map((text) => parse(text).id)).toEqual([3, 4]);
  });

  it('[BATCH-RULES] are refused member by member if one may not pass, and outside their revision', async () => {
    const pep = createPepUnderTest({ rules });
    await initialize(pep, '2025-03-26');
    await pep.say('client', batch(call(1, 'read_a'), call(2, 'delete_all')));
    expect(pep.atServer).toEqual([]);
    expect(
      parse(pep.atClient[0]).map(
        (one: { result: { structuredContent: object } }) => one.result.structuredContent,
      ),
    ).toMatchObject([{ code: 'batch_refused' }, { code: 'policy_denied' }]);
    await initialize(pep, '2025-11-25');
    await pep.say('client', batch(call(3, 'read_a'), call(4, 'read_a')));
    expect(pep.atServer).toEqual([]);
    expect(pep.atClient.map((text) => parse(text))).toMatchObject([
      { id: 3, error: { data: { code: 'batch_not_allowed' } } },
      { id: 4, error: { data: { code: 'batch_not_allowed' } } },
    ]);
  });

  it('[BATCH-RULES] that mix answers or cancellations with requests are taken apart', async () => {
    const pep = createPepUnderTest({ rules });
    await initialize(pep, '2025-03-26');
    await pep.say('client', call(1, 'read_a'), call(2, 'read_b'));
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } };
    await pep.say('server', batch(result(1), { jsonrpc: '2.0', id: 's', method: 'roots/list' }));
    await pep.say(
      'client',
      batch(cancel, call(3, 'delete_all'), call(4, 'read_c'), result('s', { roots: [] })),
    );
    expect(pep.atClient.map((text) => parse(text).id)).toEqual([1, 's', 3]);
    expect(pep.atServer.slice(2).map((text) => parse(text).id ?? parse(text).method)).toEqual([
      cancel.method,
      4,
      's',
    ]);
  });
});

describe('what a hostile peer could try', () => {
  const open = '  - { id: all, effect: allow, when: { mcp_method: "*" } }';

  it('[POLICY-OWN-HOME] a path that leads home is denied however long, climbing or scheme-like it is written', async () => {
    const pep = createPepUnderTest({ rules: open });
    const home = '.mcp-acp/proxies/x/policy.yaml';
    const paths = [
      `/home/user/${'./'.repeat(300)}${home}`,
      `/home/user/${'./'.repeat(3000)}${home}`,
      `/home/user/${'a/../'.repeat(2000)}${home}`,
      `x1://../../${home}`,
      `urn:/../../${home}`,
    ];
    for (const [index, path] of paths.entries()) await pep.say('client', call(index, 'read_file', { path }));
    await pep.say('client', call('cmd', 'run', { command: `cat ${paths[1]}` }));
    await pep.say(
      'client',
      call('many', 'read_files', {
        paths: [...Array(300).keys()].map((n) => `/tmp/${n}`).concat(paths[0] ?? ''),
      }),
    );
    expect(pep.atServer).toEqual([]);
    await pep.say('client', call('ok', 'fetch', { url: 'https://example.com/a/b', path: '/tmp/a' }));
    expect(pep.atServer).toHaveLength(1);
  });

  it('[METHOD-CLASSES] look-alike keys do not turn access into discovery or hide a question', async () => {
    const pep = createPepUnderTest({ rules });
    const listen = (id: number, params: object) => ({
      jsonrpc: '2.0',
      id,
      method: 'subscriptions/listen',
      params,
    });
    await pep.say(
      'client',
      listen(1, { Notifications: { resourceSubscriptions: ['file:///a'] } }),
      listen(2, { notifications: { ResourceSubscriptions: ['file:///a'] } }),
      call(3, 'read_a'),
    );
    expect(pep.atServer.map((line) => parse(line).id)).toEqual([3]);
    await pep.say('server', result(3, { InputRequests: { a: { method: 'sampling/createMessage' } } }));
    expect(pep.atClient.at(-1)).toContain('backend_unreadable');
  });

  it('[ONE-ANSWER] what was answered as timed out while it waited for the disk never leaves', async () => {
    const pep = createPepUnderTest({ rules });
    pep.journal.mode = 'hold';
    await pep.say('client', call(1, 'read_a'));
    pep.clock.advance(100_000);
    pep.point.sweep();
    pep.journal.releaseSync();
    await turn();
    expect(pep.atServer).toEqual([]);
    expect(pep.atClient).toHaveLength(1);
  });

  it('[ONE-ANSWER] a batch with the id of a running call does not answer that call', async () => {
    const pep = createPepUnderTest({ rules });
    await initialize(pep, '2025-03-26');
    await pep.say(
      'client',
      call(1, 'read_a'),
      JSON.stringify([call(1, 'read_a'), call(2, 'read_a'), call(2, 'read_a')]),
    );
    await pep.say('server', result(1));
    const ids = pep.atClient.flatMap((line) => [parse(line)].flat()).map(({ id }: { id: unknown }) => id);
    expect(ids).toEqual([null, 2, null, 1]);
  });

  it('a batch of notifications alone passes whole', async () => {
    const pep = createPepUnderTest({ rules });
    await initialize(pep, '2025-03-26');
    const batch =
      '[{"jsonrpc":"2.0","method":"notifications/a"},{"jsonrpc":"2.0","method":"notifications/b"}]';
    await pep.say('client', batch);
    expect(pep.atServer.at(-1)).toBe(batch);
  });

  it('[INPUT-REQUEST-WITHHELD] a notification that asks what is denied goes no further, in a batch neither', async () => {
    const pep = createPepUnderTest({ rules });
    await initialize(pep, '2025-03-26');
    const told = pep.atClient.length;
    const task = {
      jsonrpc: '2.0',
      method: 'notifications/tasks',
      params: { taskId: 't', inputRequests: { a: { method: 'sampling/createMessage', params: {} } } },
    };
    await pep.say('server', task, JSON.stringify([task]));
    expect(pep.atClient).toHaveLength(told);
    await pep.say('server', {
      ...task,
      params: { ...task.params, inputRequests: { a: { method: 'roots/list' } } },
    });
    expect(pep.atClient).toHaveLength(told + 1);
  });

  it('[INPUT-REQUEST-WITHHELD] an error without an id that demands what is denied goes no further', async () => {
    const pep = createPepUnderTest({
      rules:
        '  - { id: urls, effect: allow, when: { mcp_method: "elicitation/create", host: "good.example" } }',
    });
    const demands = (...urls: string[]) => ({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32042,
        message: 'go there',
        data: { elicitations: urls.map((url) => ({ mode: 'url', url, message: 'm', elicitationId: url })) },
      },
    });
    const good = 'https://good.example/';
    await pep.say('server', demands(good, 'https://evil.example/'), {
      ...demands(),
      error: { code: -32042, message: 'x', data: { elicitations: 'https://evil.example/' } },
    });
    expect(pep.atClient).toEqual([]);
    expect(pep.decisions().filter(({ class: of }) => of === 'response')).toMatchObject([
      { disposition: 'denied', reason: 'input_request_denied' },
      { disposition: 'denied', reason: 'input_request_denied' },
    ]);
    await pep.say('server', demands(good), { ...demands(), error: { code: -32000, message: 'other' } });
    expect(pep.atClient.map((line) => parse(line).error.code)).toEqual([-32042, -32000]);
  });

  it('what a backend asked and took back does not count for ever', async () => {
    const pep = createPepUnderTest({ rules });
    await pep.say('server', { jsonrpc: '2.0', id: 7, method: 'roots/list' });
    await pep.say('server', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } });
    pep.clock.advance(10_000);
    pep.point.sweep();
    await pep.say('server', { jsonrpc: '2.0', id: 7, method: 'roots/list' });
    expect(pep.atClient.map((line) => parse(line).method)).toEqual([
      'roots/list',
      'notifications/cancelled',
      'roots/list',
    ]);
  });

  it('[FAILED-JOURNAL-REFUSES] stray errors and progress of nothing do not pass unrecorded', async () => {
    const pep = createPepUnderTest({ rules });
    pep.journal.mode = 'fail_write';
    const strays = [
      { jsonrpc: '2.0', id: null, error: { code: 1, message: 'x' } },
      { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'nobody', progress: 1 } },
    ];
    await pep.say('client', ...strays);
    await pep.say('server', ...strays);
    expect([...pep.atClient, ...pep.atServer]).toEqual([]);
    pep.journal.mode = 'work';
    await pep.say('server', ...strays);
    expect(pep.atClient).toHaveLength(2);
  });

  it('two calls that share a progress token do not lose it with the first answer', async () => {
    const pep = createPepUnderTest({ rules });
    const withToken = (id: number) => ({
      ...call(id, 'read_a'),
      params: { name: 'read_a', _meta: { progressToken: 't' } },
    });
    await pep.say('client', withToken(1), withToken(2));
    await pep.say('server', result(1));
    await pep.say('server', {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 't', progress: 1 },
    });
    await pep.say('server', result(2));
    expect(pep.outcomes().map(({ progress }) => progress)).toEqual([undefined, 1]);
  });

  it('[METHOD-CLASSES] a message without an id is judged with all that is known, the client too', async () => {
    const pep = createPepUnderTest({
      rules: `
  - { id: all, effect: allow, when: { mcp_method: "*" } }
  - { id: agent, effect: deny, when: { client: agent, mcp_method: "run/*" } }`,
    });
    await initialize(pep);
    await pep.say('client', { jsonrpc: '2.0', method: 'run/it' }, { jsonrpc: '2.0', method: 'other/it' });
    expect(pep.atServer.map((line) => parse(line).method)).toEqual(['other/it']);
    expect(pep.decisions().slice(-2)).toMatchObject([
      { disposition: 'denied', decidedBy: 'agent' },
      { disposition: 'forwarded', decidedBy: 'all' },
    ]);
  });
});
