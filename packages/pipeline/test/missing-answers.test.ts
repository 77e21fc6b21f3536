import { expect, it } from 'vitest';
import { call, createPepUnderTest, parse, result, rules, turn } from './pep-under-test.ts';

it('[EXITS-RECORDED] silence is answered as a time-out, and a late answer goes nowhere', async () => {
  const pep = createPepUnderTest({ rules });
  await pep.say('client', call(1, 'read_a'), call(2, 'read_b', {}));
  pep.clock.advance(50_000);
  await pep.say('server', result(2));
  pep.clock.advance(50_000);
  pep.point.sweep();
  await pep.say('server', result(1));
  expect(pep.atClient.map((line) => parse(line).id)).toEqual([2, 1]);
  expect(pep.outcomes().map(({ status }) => status)).toEqual(['ok', 'timed_out']);
});

it('progress keeps a call alive and is counted in its outcome', async () => {
  const pep = createPepUnderTest({ rules });
  await pep.say('client', {
    ...call(1, 'read_a'),
    params: { name: 'read_a', arguments: {}, _meta: { progressToken: 'p' } },
  });
  for (let step = 0; step < 3; step++) {
    pep.clock.advance(50_000);
    await pep.say('server', {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'p', progress: step },
    });
    pep.point.sweep();
  }
  await pep.say('server', result(1));
  expect(pep.atClient).toHaveLength(4);
  expect(pep.outcomes()).toMatchObject([{ status: 'ok', progress: 3 }]);
});

it('a backend that asks the client for something may be silent until it is answered', async () => {
  const pep = createPepUnderTest({ rules });
  await pep.say('client', call(1, 'read_a'));
  await pep.say('server', { jsonrpc: '2.0', id: 7, method: 'roots/list' });
  for (let look = 0; look < 3; look++) {
    pep.clock.advance(100_000);
    pep.point.sweep();
  }
  expect(pep.outcomes()).toEqual([]);
  await pep.say('client', { jsonrpc: '2.0', id: 7, result: { roots: [] } });
  pep.clock.advance(100_000);
  pep.point.sweep();
  expect(pep.outcomes().map(({ status }) => status)).toEqual(['ok', 'timed_out']);
});

it('[BACKEND-SILENT] a question that nobody answers excuses a backend for ten minutes, not for ever', async () => {
  const pep = createPepUnderTest({ rules });
  await pep.say('server', { jsonrpc: '2.0', id: 7, method: 'roots/list' });
  await pep.say('client', call(1, 'read_a'));
  for (let minutes = 1; minutes < 10; minutes++) {
    pep.clock.advance(60_000);
    pep.point.sweep();
  }
  expect(pep.outcomes()).toEqual([]);
  pep.clock.advance(60_000);
  pep.point.sweep();
  expect(pep.outcomes()).toMatchObject([{ status: 'timed_out' }]);
});

it.each([
  ['backend_unreachable', 'not_sent', 'the call was not sent: HTTP 503. You may try again'],
  ['backend_connection_lost', 'connection_lost', 'Check what happened before you try again.'],
  ['backend_failed', 'error', 'the call may have run: HTTP 503. Check what happened'],
  ['backend_refused', 'error', 'Do not repeat it unchanged'],
] as const)('[EXITS-RECORDED] an agent reads after %s whether to try again', async (code, status, advice) => {
  const pep = createPepUnderTest({ rules });
  await pep.say('client', call(1, 'read_a'));
  pep.point.requestFailed(1, { code, detail: 'HTTP 503' });
  await turn();
  expect(parse(pep.atClient[0]).result.content[0].text).toContain(advice);
  expect(pep.outcomes()).toMatchObject([{ status, reason: code }]);
});

it('[EXITS-RECORDED] a backend that was let go of is not said to have ended', async () => {
  const pep = createPepUnderTest({ rules });
  await pep.say('client', call(1, 'read_a'));
  pep.point.backendGone({ code: 'backend_connection_lost', detail: 'it was closed' });
  await turn();
  expect(pep.outcomes()).toMatchObject([{ status: 'connection_lost', reason: 'backend_connection_lost' }]);
  expect(pep.atClient[0]).toContain('may have run: it was closed. Check what happened');
  expect(pep.atClient[0]).not.toContain('restarted');
});

it('a dead backend answers what waits and what comes after', async () => {
  const pep = createPepUnderTest({ rules });
  await pep.say('client', call(1, 'read_a'));
  pep.point.backendGone({ code: 'backend_exited', detail: 'exit code 3' });
  await pep.say('client', call(2, 'read_a'), { jsonrpc: '2.0', id: 3, method: 'tools/list' });
  expect(pep.atClient.map((line) => parse(line).id)).toEqual([1, 2, 3]);
  expect(pep.atClient.every((line) => line.includes('exit code 3'))).toBe(true);
});
