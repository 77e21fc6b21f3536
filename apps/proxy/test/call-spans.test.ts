import type { RecordBody } from '@mcp-acp/shared/journal-record';
import { expect, it } from 'vitest';
import { type CallSpans, createCallSpanReader } from '../src/live/call-spans.ts';
import { answer, call } from './live-scene.ts';

const pipe = { 'network.transport': 'pipe' };
const tcp = { 'network.transport': 'tcp' };
const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function read(...bodies: readonly RecordBody[]): readonly CallSpans[] {
  const reader = createCallSpanReader({ client: pipe, server: tcp }, 'inst_aaaaaaaaaaaaaaaa');
  return bodies.flatMap((body, index) => reader.read(index + 1, 1_000_000 + index, body) ?? []);
}

it('[TRACES-JOINED] a call is a span of the proxy and one of the other side, in the words of the conventions', () => {
  const [spans, ...others] = read(
    { type: 'session', event: 'identified', era: 'stateful' },
    call({
      requestId: '"a/1"',
      revision: '2025-11-25',
      trace,
      waitMs: 250,
      decidedBy: 'r',
      policyVersion: 'v',
    }),
    answer(2, { durationMs: 300.5, backendMs: 20 }),
  );
  expect(others).toEqual([]);
  const protocol = {
    'mcp.method.name': 'tools/call',
    'jsonrpc.request.id': 'a/1',
    'gen_ai.tool.name': 'echo',
    'gen_ai.operation.name': 'execute_tool',
    'mcp.protocol.version': '2025-11-25',
    'mcp.session.id': 'inst_aaaaaaaaaaaaaaaa',
  };
  expect(spans).toEqual({
    parent: trace,
    server: {
      name: 'tools/call echo',
      startMs: 1_000_002 - 300.5,
      endMs: 1_000_002,
      attributes: {
        ...protocol,
        ...pipe,
        'mcp_acp.disposition': 'forwarded',
        'mcp_acp.outcome': 'ok',
        'mcp_acp.policy.effect': 'allow',
        'mcp_acp.policy.rule': 'r',
        'mcp_acp.policy.version': 'v',
        'mcp_acp.policy.evaluation_ms': 0.1,
        'mcp_acp.human.wait_ms': 250,
      },
    },
    client: {
      name: 'tools/call echo',
      startMs: 1_000_002 - 20,
      endMs: 1_000_002,
      attributes: { ...protocol, ...tcp },
    },
  });
});

it('[TRACES-JOINED] a refused request is a span that failed, and nothing was asked of the other side', () => {
  const [tool, listed, ...others] = read(
    call({ disposition: 'denied', effect: 'deny', reason: 'policy_denied', evalMs: 2, waitMs: 8 }),
    call({ class: 'discovery', method: 'tools/list', disposition: 'denied', reason: 'proxy_disabled' }),
  );
  expect(others).toEqual([]);
  expect(tool).toMatchObject({
    server: {
      startMs: 999_990,
      endMs: 1_000_000,
      error: 'policy_denied',
      attributes: { 'error.type': 'policy_denied', 'mcp_acp.disposition': 'denied' },
    },
  });
  expect(tool?.client).toBeUndefined();
  expect(tool?.server.attributes).not.toHaveProperty('rpc.response.status_code');
  expect(listed?.server.attributes).toMatchObject({ 'rpc.response.status_code': '-32066' });
});

it.each([
  ['ok', undefined, undefined],
  ['input_required', undefined, undefined],
  ['tool_error', undefined, 'tool_error'],
  ['error', undefined, '_OTHER'],
  ['timed_out', 'backend_timeout', 'backend_timeout'],
  ['cancelled', undefined, 'cancelled'],
] as const)('[TRACES-JOINED] an outcome %s with the reason %s has the error %s', (status, reason, error) => {
  const [spans] = read(call(), answer(1, { status, ...(reason === undefined ? {} : { reason }) }));
  expect(spans?.server.error).toBe(error);
  expect(spans?.server.attributes['error.type']).toBe(error);
  expect(spans?.client?.attributes['error.type']).toBe(error);
});

it('[TRACES-JOINED] what a backend asks is served from the other side; what is no request has no span', () => {
  const [spans, ...others] = read(
    call({ from: 'server', method: 'sampling/createMessage' }),
    answer(1),
    call({ class: 'notification', disposition: 'observed' }),
    call({ class: 'response', disposition: 'malformed' }),
    answer(77),
    answer(1),
  );
  expect(others).toEqual([]);
  expect(spans?.server.attributes).toMatchObject(tcp);
  expect(spans?.client?.attributes).toMatchObject(pipe);
  expect(spans?.server.attributes).not.toHaveProperty('mcp.session.id');
});
