import type { PendingApproval } from '@mcp-acp/shared/live/approval';

const longest = 160;

/** What one of many is about, on a line. */
export interface Named {
  readonly text: string;
  /** Of a path its end: the file, with what stands before it. It is shown whole where there is room for anything. */
  readonly end?: string;
}

/** Where a question leads, else how its arguments begin. */
export function namedBy({
  destinations,
  resource,
  preview,
}: Pick<PendingApproval, 'destinations' | 'resource' | 'preview'>): Named {
  const named = destinations.find(({ mentioned }) => !mentioned);
  return named?.kind === 'path'
    ? ofPath(named.text)
    : { text: (named?.text ?? resource ?? preview).slice(0, longest) };
}

/** The file is what tells paths apart, so that a long path loses its beginning. */
function ofPath(path: string): Named {
  const shown = path.length > longest ? `…${path.slice(-longest)}` : path;
  const at = Math.max(shown.lastIndexOf('/', shown.length - 2), shown.lastIndexOf('\\', shown.length - 2));
  return at <= 0 ? { text: shown } : { text: shown.slice(0, at), end: shown.slice(at) };
}
