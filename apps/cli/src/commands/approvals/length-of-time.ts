import { AcpError } from '@mcp-acp/shared/errors';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time as a person types it (`30s`, `5m`, `1h`, `1d`), in milliseconds. Throws AcpError('usage'). */
export function lengthOfTime(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,5})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) {
    throw new AcpError('usage', `"${text}" is not a length of time.`, { fix: 'Write 30s, 5m or 1h.' });
  }
  return Number(count) * units[unit as keyof typeof units];
}
