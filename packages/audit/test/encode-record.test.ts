import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { ProxyId } from '@mcp-acp/shared/ids';
import type { RecordBody } from '@mcp-acp/shared/journal-record';
import { canonicalJson } from '@mcp-acp/shared/json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecordEncoder } from '../src/encode-record.ts';
import { newInstance } from './audit-folder.ts';

const instance = newInstance();
const proxyId = 'px_abcdefghijklmnop' as ProxyId;
const text = fc.string({ unit: 'binary', maxLength: 40 });
const count = fc.nat();
const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
const texts = fc.array(text, { maxLength: 3 });
const effect = fc.constantFrom('allow', 'ask', 'deny');
const reason = fc.constantFrom<ErrorCode>('policy_denied', 'internal');

const decision = fc.record(
  {
    type: fc.constant('decision'),
    from: fc.constantFrom('client', 'server'),
    class: fc.constantFrom('discovery', 'access', 'notification', 'response', 'unreadable'),
    requestId: text,
    method: text,
    tool: text,
    prompt: text,
    resource: text,
    toolDigest: text,
    client: text,
    clientVersion: text,
    revision: text,
    subject: text,
    facts: fc.record(
      { operations: texts, sideEffects: texts, operands: count, mentions: count },
      { requiredKeys: [] },
    ),
    matched: fc.array(fc.record({ rule: text, effect, conditions: texts }), { maxLength: 3 }),
    decidedBy: text,
    policyVersion: text,
    effect,
    disposition: fc.constantFrom('forwarded', 'observed', 'denied', 'cancelled'),
    reason,
    continues: count,
    size: count,
    evalMs: ms,
    waitMs: ms,
    payload: text,
    trace: text,
  },
  { requiredKeys: ['type', 'from', 'class', 'subject', 'disposition', 'size'] },
);
const outcome = fc.record(
  {
    type: fc.constant('outcome'),
    decision: count,
    status: fc.constantFrom('ok', 'tool_error', 'withheld'),
    requestId: text,
    method: text,
    tool: text,
    reason,
    cancelled: fc.boolean(),
    progress: count,
    size: count,
    digest: text,
    durationMs: ms,
    backendMs: ms,
  },
  { requiredKeys: ['type', 'decision', 'status', 'durationMs'] },
);
const session = fc.record(
  { type: fc.constant('session'), event: fc.constantFrom('identified'), client: text, format: count },
  { requiredKeys: ['type', 'event'] },
);

test('every record is laid canonically and says what its body says', () => {
  const encode = createRecordEncoder(proxyId, 'files', instance);
  const body = fc.oneof(decision, outcome, session) as fc.Arbitrary<RecordBody>;
  fc.assert(
    fc.property(body, fc.integer({ min: 1 }), (value, seq) => {
      const place = { seq, time: '2026-01-01T00:00:00.000Z', prev: 'ab'.repeat(32) };
      const line = `${encode(value, place)}}`;
      const expected = { ...value, ...place, proxyId, proxyName: 'files', instance };
      expect(line).toBe(canonicalJson(expected));
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(expected)));
    }),
    { numRuns: 3000 },
  );
});

test('members that are present but undefined are left out', () => {
  const encode = createRecordEncoder(proxyId, 'files', instance);
  const body = { type: 'outcome', decision: 1, status: 'ok', durationMs: -0, size: undefined } as never;
  expect(`${encode(body, { seq: 2, time: 't', prev: 'p' })}}`).toBe(
    `{"decision":1,"durationMs":0,"instance":"${instance}","prev":"p","proxyId":"${proxyId}","proxyName":"files","seq":2,"status":"ok","time":"t","type":"outcome"}`,
  );
});
