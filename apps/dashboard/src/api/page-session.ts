import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { openPageClient, type PageClient } from '@mcp-acp/api/client/page-client';
import { whereManagerIs } from './where-manager-is.ts';

/** Where this origin keeps the page's half of its session. The other half is a cookie that no script reads. */
const tokenKey = 'mcp-acp-token';

export type PageSession =
  | { readonly state: 'starting' }
  | { readonly state: 'locked'; readonly problem?: string }
  | { readonly state: 'unlocked'; readonly client: PageClient };

let session: PageSession = { state: 'starting' };
const listeners = new Set<() => void>();

const storedToken = (): string | undefined => localStorage.getItem(tokenKey) ?? undefined;

function become(next: PageSession): void {
  const before = session;
  session = next;
  if (before.state === 'unlocked' && before !== next) before.client.close();
  for (const tell of [...listeners]) tell();
}

const openClient = (): PageClient => openPageClient({ ...whereManagerIs, token: storedToken });

/** The session as React reads it. */
export const currentSession = (): PageSession => session;

export function watchSession(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The manager said that the session is over, or this page has let it go. */
export function endSession(problem?: string): void {
  localStorage.removeItem(tokenKey);
  if (session.state === 'locked' && problem === undefined) return;
  become({ state: 'locked', ...(problem === undefined ? {} : { problem }) });
}

/** Ends this page's own session, here and in the manager. */
export async function lockPage(): Promise<void> {
  try {
    if (session.state === 'unlocked') await session.client.api.access.lock.mutate();
  } catch {
    // Without its token this page is locked, whatever became of the session.
  }
  endSession();
}

async function isUnlocked(client: PageClient): Promise<boolean> {
  if (storedToken() === undefined) return false;
  try {
    return (await client.api.access.state.query()).unlocked;
  } catch {
    return false;
  }
}

/** Begins with what the address and this browser hold: a one-time code, a token, or neither. */
async function begin(): Promise<void> {
  const code = /^#code=([\w-]{16,128})$/.exec(location.hash)?.[1];
  // Before anything else, so that the code is not in the address while something is waited for.
  if (code !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  const client = openClient();
  // Where a page is unlocked, a code is not tried: anybody may link to here with a wrong one.
  if (code !== undefined && !(await isUnlocked(client))) {
    try {
      const { token } = await client.api.access.unlock.mutate({ code });
      localStorage.setItem(tokenKey, token);
    } catch (error) {
      client.close();
      return endSession(acpErrorOf(error).message);
    }
  }
  if (storedToken() !== undefined) return become({ state: 'unlocked', client });
  client.close();
  become({ state: 'locked' });
}

let following = false;

/** Once a page: begins, and begins again where another page of this browser was unlocked or locked. */
export function followSession(): void {
  if (following) return;
  following = true;
  addEventListener('hashchange', () => {
    if (location.hash.startsWith('#code=')) void begin();
  });
  addEventListener('storage', ({ key }) => {
    if (key === tokenKey || key === null) void begin();
  });
  void begin();
}
