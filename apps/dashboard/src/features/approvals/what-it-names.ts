import type { PendingApproval } from '@mcp-acp/shared/live/approval';

const longest = 160;

/** What one of many is about, on a line: where it leads, else how its arguments begin. */
export function namedBy({
  destinations,
  resource,
  preview,
}: Pick<PendingApproval, 'destinations' | 'resource' | 'preview'>): string {
  const named = destinations.find(({ mentioned }) => !mentioned);
  return (named?.text ?? resource ?? preview).slice(0, longest);
}
