import type { ErrorCode } from '@mcp-acp/shared/errors';
import { expect, it } from 'vitest';
import { createPepUnderTest, watching } from './pep-under-test.ts';

const allow = '  - id: all\n    effect: allow\n    when: { mcp_method: "*" }\n';

const call = (id: number, more: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'echo', arguments: {}, ...more },
});
const list = (id: number, cursor?: string) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/list',
  ...(cursor === undefined ? {} : { params: { cursor } }),
});
const tools = (id: number, ...names: string[]) => ({
  jsonrpc: '2.0',
  id,
  result: { tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })) },
});

it('[LIVE-STATUS] counts what waits for an answer and the tools of the last list, page by page', async () => {
  const pep = createPepUnderTest({ rules: allow });
  expect(pep.point.counts()).toEqual({ inFlight: 0, pending: 0, tools: undefined });
  await pep.say('client', call(1), call(2));
  expect(pep.point.counts().inFlight).toBe(2);
  await pep.say('server', { jsonrpc: '2.0', id: 1, result: { content: [] } });
  expect(pep.point.counts().inFlight).toBe(1);

  await pep.say('client', list(3));
  await pep.say('server', tools(3, 'a', 'b', 'c'));
  expect(pep.point.counts().tools).toBe(3);
  await pep.say('client', list(4, 'more'));
  await pep.say('server', tools(4, 'd'));
  expect(pep.point.counts().tools).toBe(4);
  // Listed anew, the same bytes and fewer of them.
  await pep.say('client', list(5));
  await pep.say('server', tools(5, 'a', 'b', 'c'));
  expect(pep.point.counts().tools).toBe(3);
  await pep.say('client', list(6));
  await pep.say('server', tools(6, 'a'));
  expect(pep.point.counts().tools).toBe(1);
});

it('[LIVE-STATUS] a question that waits for a person is in flight and pending', async () => {
  const pep = createPepUnderTest({
    rules: '  - id: all\n    effect: ask\n    when: { mcp_method: "*" }\n',
    person: watching,
  });
  await pep.say('client', call(1));
  expect(pep.point.counts()).toMatchObject({ inFlight: 1, pending: 1 });
});

it('[PROXY-DISABLED] while it is halted nothing passes, access or discovery, and each refusal is recorded', async () => {
  let reason: ErrorCode | undefined;
  const pep = createPepUnderTest({ rules: allow, halted: () => reason });
  await pep.say('client', call(1));
  reason = 'proxy_disabled';
  await pep.say('client', call(2), list(3), { jsonrpc: '2.0', id: 4, method: 'unknown/method' });
  await pep.say('server', { jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: {} });
  expect(pep.atServer).toHaveLength(2);
  const refusals = pep.decisions().slice(1);
  expect(refusals).toHaveLength(4);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({ disposition: 'denied', reason: 'proxy_disabled' });
  }
  expect(JSON.parse(pep.atServer[1] ?? '')).toMatchObject({
    id: 1,
    error: { data: { code: 'proxy_disabled' } },
  });
  // What ran before is answered, and it goes on as if nothing had been.
  await pep.say('server', { jsonrpc: '2.0', id: 1, result: { content: [] } });
  reason = undefined;
  await pep.say('client', call(5));
  expect(pep.atServer).toHaveLength(3);
  expect(pep.atClient.map((line) => JSON.parse(line).id)).toEqual([2, 3, 4, 1]);
});

it('[TRACES-JOINED] the decision says to which trace a request belongs', async () => {
  const pep = createPepUnderTest({ rules: allow });
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await pep.say(
    'client',
    call(1, { _meta: { traceparent: trace } }),
    call(2, { _meta: { traceparent: 'x' } }),
  );
  expect(pep.decisions().map((decision) => decision.trace)).toEqual([trace, undefined]);
});
