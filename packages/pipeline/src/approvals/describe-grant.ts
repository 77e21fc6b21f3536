import type { Clock } from '@mcp-acp/shared/clock';
import type { Grant } from '@mcp-acp/shared/live/approval';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import { cutText, mostShownText } from './destinations.ts';
import type { KeptGrant } from './grants.ts';

const isoTime = (ms: number): string => new Date(ms).toISOString();

/** A grant as a list shows it. */
export function describeGrant(clock: Clock, grant: KeptGrant, proxy: EventOrigin): Grant {
  const { id, effect, scope, method, tool, prompt, place, rule, approval, channel } = grant;
  const { madeAt, endsMs, mostUses, used, lastUsedAt } = grant;
  return {
    grant: id,
    proxy,
    effect,
    scope,
    method: cutText(method, mostShownText),
    ...(tool === undefined ? {} : { tool: cutText(tool, mostShownText) }),
    ...(prompt === undefined ? {} : { prompt: cutText(prompt, mostShownText) }),
    ...place,
    ...(rule === undefined ? {} : { rule }),
    madeAt: isoTime(madeAt),
    ...(endsMs === undefined ? {} : { leftMs: Math.max(0, endsMs - clock.monotonicMs()) }),
    ...(mostUses === undefined ? {} : { mostUses }),
    used,
    ...(lastUsedAt === undefined ? {} : { lastUsedAt: isoTime(lastUsedAt) }),
    ...(approval === undefined ? {} : { approval }),
    channel,
  };
}
