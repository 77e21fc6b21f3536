import { AcpError } from '@mcp-acp/shared/errors';

/** Throws AcpError('usage'). */
export function versionNumber(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new AcpError('usage', `"${text}" is not the number of a version.`, {
    fix: 'See: mcp-acp policy history',
  });
}
