import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeMessage } from '../src/events/encode-message.ts';

const json = fc.jsonValue();
const operation = fc.oneof(fc.integer(), fc.string());

it('[EVENTS-BOUNDED] a batch for many readers is put into words once, and each reads what it would have read', () => {
  fc.assert(
    fc.property(
      fc.array(json),
      operation,
      operation,
      fc.string({ minLength: 1 }),
      (batch, one, other, place) => {
        for (const id of [one, other, one]) {
          const message = { id, result: { type: 'data', data: { id: place, data: batch }, id: place } };
          expect(encodeMessage(message)).toBe(JSON.stringify(message));
          const answer = { id, jsonrpc: '2.0', result: message.result };
          expect(JSON.parse(encodeMessage(answer))).toEqual(JSON.parse(JSON.stringify(answer)));
        }
      },
    ),
  );
});

it('any other message is what it was', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        json,
        fc.record({ id: operation, result: json }),
        fc.record({ id: operation, error: json }),
        fc.record({ id: operation, result: fc.record({ type: fc.constant('data'), data: json }) }),
      ),
      (message) => {
        expect(encodeMessage(message)).toBe(JSON.stringify(message));
      },
    ),
  );
});
