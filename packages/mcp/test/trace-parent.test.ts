import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import { traceparentOf } from '@mcp-acp/mcp/trace-parent';
import { expect, it } from 'vitest';

const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function of(params: unknown): string | undefined {
  const message = checkMessage(
    Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })),
  );
  if (message.kind !== 'request') throw new Error(message.kind);
  return traceparentOf(message);
}

it('[TRACES-JOINED] the trace a client names in _meta is read from where it stands', () => {
  expect(of({ name: 'x', _meta: { traceparent: trace, tracestate: 'a=b' } })).toBe(trace);
  expect(of({ name: 'x', arguments: { _meta: { traceparent: trace } } })).toBeUndefined();
  expect(of({ name: 'x', traceparent: trace })).toBeUndefined();
  expect(of({ name: 'x' })).toBeUndefined();
});

it.each([
  '',
  'nonsense',
  trace.toUpperCase(),
  `ff${trace.slice(2)}`,
  `${trace}0`,
  ` ${trace}`,
  trace.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
  trace.replace('00f067aa0ba902b7', '0'.repeat(16)),
  `${trace}\n`,
  7,
  null,
  { traceparent: trace },
])('[TRACES-JOINED] what can be no traceparent is none: %j', (text) => {
  expect(of({ name: 'x', _meta: { traceparent: text } })).toBeUndefined();
});
