import type { Clock } from '@mcp-acp/shared/clock';
import type { Guard } from '../verdict.ts';

export interface RateLimit {
  /** Access requests of the client that may pass in a burst, and in each `perMs` milliseconds after it. */
  readonly calls: number;
  readonly perMs: number;
  /** What happens to the one that is too many. */
  readonly effect: 'ask' | 'deny';
}

/** A token bucket over the client's access requests. A limit that trips asks or denies; nothing is dropped silently. */
export function rateLimitGuard(limit: RateLimit, clock: Clock): Guard {
  let tokens = limit.calls;
  let filledMs = clock.monotonicMs();
  return {
    name: 'rate-limit',
    counts: true,
    judge: ({ from }) => {
      if (from !== 'client') return undefined;
      const nowMs = clock.monotonicMs();
      tokens = Math.min(limit.calls, tokens + ((nowMs - filledMs) * limit.calls) / limit.perMs);
      filledMs = nowMs;
      if (tokens < 1) return { effect: limit.effect, reason: 'rate_limited' };
      tokens -= 1;
      return undefined;
    },
  };
}
