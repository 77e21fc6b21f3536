import { AcpError } from '@mcp-acp/shared/errors';

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A point in time as a person types it, in milliseconds since the epoch: `30s`, `10m`, `2h`, `7d`, `1w` ago, or a date
 * (`2026-01-31`, `2026-01-31T08:00`, local time where it names no zone). Throws AcpError('usage').
 */
function pointInTime(text: string, now: number): number {
  const ago = /^([0-9]{1,6})([smhdw])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (units[ago[2] as string] ?? 0);
  const local = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? `${text}T00:00` : text;
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(local) ? Date.parse(local) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new AcpError('usage', `"${text}" is not a time.`, {
      fix: 'Write how long ago (30s, 10m, 2h, 7d) or a date (2026-01-31, 2026-01-31T08:00Z).',
    });
  }
  return time;
}

/** The options `--since` and `--until` as a range. Throws AcpError('usage'). */
export function timeRange(
  since: string | undefined,
  until: string | undefined,
): { readonly since?: number; readonly until?: number } {
  const now = Date.now();
  return {
    ...(since === undefined ? {} : { since: pointInTime(since, now) }),
    ...(until === undefined ? {} : { until: pointInTime(until, now) }),
  };
}
