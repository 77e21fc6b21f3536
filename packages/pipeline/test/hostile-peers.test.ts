import { describe, expect, it } from 'vitest';
import { call, createPepUnderTest, initialize, parse, result, rules, turn } from './pep-under-test.ts';

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
