import { expect, it } from 'vitest';
import { rateLimitInForce } from '../src/rate-limit-in-force.ts';

it('[ASK-DECIDED-ANEW] the limit in force is one that counts: what was asked about is not counted again', () => {
  const clock = { now: () => 0, monotonicMs: () => 0 };
  const guard = rateLimitInForce(() => ({ calls: 1, perMs: 1_000, effect: 'deny' }), clock);
  expect(guard.counts).toBe(true);
});
