import type { ProofQuestion } from '@mcp-acp/api/ports/access';
import { pageNameText, proofText } from '@mcp-acp/api/web-names';
import type { Clock } from '@mcp-acp/shared/clock';
import { newName, type RandomBytes } from '@mcp-acp/shared/ids';
import type { StoredSession } from './access-file.ts';
import { boundedText } from './bounded-text.ts';
import { digestOf, isSame, macOf, newSecret } from './secrets.ts';

/** Bytes of the cookie's value and of the token. */
const secretBytes = 32;
const idleMs = 12 * 60 * 60 * 1000;
const mostSessions = 25;
const userAgentLength = 200;

interface HeldSession extends StoredSession {
  lastSeenAt: number;
  /** The same of the monotonic clock: a wall clock that is set back makes nobody stay. */
  seenMs: number;
  userAgent?: string;
}

export interface OpenedSession {
  readonly id: string;
  readonly cookie: string;
  readonly token: string;
}

export interface PageSessions {
  open(): OpenedSession;
  /** The session of which both the cookie and the token were shown. */
  find(cookies: readonly string[], token: string): string | undefined;
  /** What proves to a page that its session is known here. */
  prove(question: ProofQuestion, host: string): string | undefined;
  /** Whether one of the values is the cookie of a session. */
  knowsCookie(cookies: readonly string[]): boolean;
  /** The session is in use. False once it is over. */
  touch(id: string): boolean;
  describe(cookie: string, userAgent: string): void;
  end(id: string): boolean;
  /** Those that are not over; whichever has been idle for too long ends now. */
  list(): readonly StoredSession[];
}

/** Sessions of unlocked pages, which end when nobody has used them for 12 hours. `ended` is told of each that ends. */
export function createPageSessions(
  stored: readonly StoredSession[],
  { clock, random }: { readonly clock: Clock; readonly random: RandomBytes },
  ended: (id: string) => void,
): PageSessions {
  const held = new Map<string, HeldSession>();
  for (const session of stored.slice(-mostSessions)) {
    // A time that has yet to come would let it live longer than it may.
    const lastSeenAt = Math.min(session.lastSeenAt, clock.now());
    const { userAgent, ...rest } = session;
    // An earlier version kept longer ones.
    const browser = userAgent === undefined ? {} : { userAgent: boundedText(userAgent, userAgentLength) };
    held.set(session.id, { ...rest, ...browser, lastSeenAt, seenMs: clock.monotonicMs() });
  }

  const end = (id: string): boolean => {
    if (!held.delete(id)) return false;
    ended(id);
    return true;
  };

  const isOver = ({ lastSeenAt, seenMs }: HeldSession): boolean =>
    clock.now() - lastSeenAt > idleMs || clock.monotonicMs() - seenMs > idleMs;

  const endIdle = (): void => {
    for (const session of [...held.values()]) if (isOver(session)) end(session.id);
  };

  const withCookie = (cookies: readonly string[]): HeldSession[] => {
    endIdle();
    const digests = cookies.map(digestOf);
    return [...held.values()].filter(
      ({ cookie }) => digests.filter((digest) => isSame(digest, cookie)).length > 0,
    );
  };

  return {
    open: () => {
      endIdle();
      while (held.size >= mostSessions) {
        const [oldest] = [...held.values()].sort((one, other) => one.lastSeenAt - other.lastSeenAt);
        if (oldest !== undefined) end(oldest.id);
      }
      const id = newName(random, 'page_');
      const cookie = newSecret(random, secretBytes);
      const token = newSecret(random, secretBytes);
      const now = clock.now();
      held.set(id, {
        id,
        cookie: digestOf(cookie),
        token: digestOf(token),
        createdAt: now,
        lastSeenAt: now,
        seenMs: clock.monotonicMs(),
      });
      return { id, cookie, token };
    },
    find: (cookies, token) => {
      const digest = digestOf(token);
      return withCookie(cookies).find((session) => isSame(session.token, digest))?.id;
    },
    prove: ({ page, nonce }, host) => {
      endIdle();
      const name = Buffer.from(page, 'hex');
      const meant = [...held.values()].filter(({ token }) => isSame(macOf(token, pageNameText), name));
      const [key] = meant.map(({ token }) => token);
      return key === undefined ? undefined : macOf(key, proofText(host, nonce)).toString('hex');
    },
    knowsCookie: (cookies) => withCookie(cookies).length > 0,
    touch: (id) => {
      const session = held.get(id);
      if (session === undefined) return false;
      if (isOver(session)) {
        end(id);
        return false;
      }
      session.lastSeenAt = clock.now();
      session.seenMs = clock.monotonicMs();
      return true;
    },
    describe: (cookie, userAgent) => {
      for (const session of withCookie([cookie])) session.userAgent = boundedText(userAgent, userAgentLength);
    },
    end,
    list: () => {
      endIdle();
      return [...held.values()].map(({ seenMs: _, ...session }) => session);
    },
  };
}
