import { expect, it } from 'vitest';
import { createPersonSeen } from '../src/live/person-seen.ts';

it('[ASK-CHANNEL] pages are people who answer in the dashboard, readers at terminals people who answer there', () => {
  const person = createPersonSeen(new AbortController().signal);
  const ways = () =>
    [undefined, ['dashboard'], ['cli'], ['dialog'], ['cli', 'dialog']].map((via) =>
      person.isWatching(via as never),
    );
  expect(ways()).toEqual([false, false, false, false, false]);
  person.watching(1, 0);
  expect(ways()).toEqual([true, true, false, false, false]);
  person.watching(0, 1);
  expect(ways()).toEqual([true, false, true, false, true]);
  person.watching(0, 0);
  const leave = person.arrived();
  expect(ways()).toEqual([true, false, true, false, true]);
  leave();
  expect(ways()).toEqual([false, false, false, false, false]);
});
