import { describe, expect, it } from 'vitest';
import { call, createPepUnderTest, initialize, parse, result, rules } from './pep-under-test.ts';

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
