import { type RateLimit, rateLimitGuard } from '@mcp-acp/pipeline/guards/rate-limit-guard';
import type { Guard } from '@mcp-acp/pipeline/verdict';
import type { Clock } from '@mcp-acp/shared/clock';

/** The rate limit of the configuration as it is now. One that changes begins anew, with a full bucket. */
export function rateLimitInForce(current: () => RateLimit | undefined, clock: Clock): Guard {
  let limit: RateLimit | undefined;
  let guard: Guard | undefined;
  return {
    name: 'rate-limit',
    counts: true,
    judge: (access) => {
      const now = current();
      if (!isSame(now, limit)) guard = now === undefined ? undefined : rateLimitGuard(now, clock);
      limit = now;
      return guard?.judge(access);
    },
  };
}

const isSame = (one: RateLimit | undefined, other: RateLimit | undefined): boolean =>
  one === other ||
  (one?.calls === other?.calls && one?.perMs === other?.perMs && one?.effect === other?.effect);
