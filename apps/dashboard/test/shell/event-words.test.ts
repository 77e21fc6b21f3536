import { expect, it } from 'vitest';
import { type ToldEvent, wordsOfEvent } from '../../src/shell/event-words.ts';

const common = {
  time: '2026-01-01T10:00:00.000Z',
  proxy: { id: 'px_aaaaaaaaaaaaaaaa', name: 'files', instance: 'inst_aaaaaaaaaaaaaaaa' },
};
const told = (event: object) => wordsOfEvent({ ...common, ...event } as ToldEvent);

it('a held policy waits for a person, a held setting for the next start of the client', () => {
  expect(told({ type: 'policy_reloaded', outcome: 'held', version: '' })).toEqual({
    kind: 'warning',
    text: 'files: Policy change held until you confirm it.',
  });
  expect(told({ type: 'config_reloaded', outcome: 'held', version: '' })).toEqual({
    kind: 'info',
    text: 'files: Configuration change takes effect after a client restart.',
  });
});

it('a backend that ends with an error is told as one, one that simply ends is not', () => {
  expect(told({ type: 'backend_state', state: 'ended', error: 'exit code 3' })).toEqual({
    kind: 'error',
    text: 'files: the backend ended: exit code 3.',
  });
  expect(told({ type: 'backend_state', state: 'ended' })).toBeUndefined();
});
