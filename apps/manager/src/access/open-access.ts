import { randomBytes } from 'node:crypto';
import type { AccessPort } from '@mcp-acp/api/ports/access';
import { type Clock, systemClock } from '@mcp-acp/shared/clock';
import { AcpError, type ErrorCode } from '@mcp-acp/shared/errors';
import type { RandomBytes } from '@mcp-acp/shared/ids';
import { keepAccess } from './kept-access.ts';
import { createMetricTokens } from './metric-tokens.ts';
import { createOneTimeCodes } from './one-time-codes.ts';
import { createPageSessions } from './page-sessions.ts';
import { createReadMarks, type ReadMarks } from './read-marks.ts';

/** Most often that the times at which pages were last seen are written down. Milliseconds. */
const writeSeenMs = 60_000;
/** After a code was made: whatever it was written to is of no more use. Milliseconds. */
const codesOverMs = 60_000;
const defaultRetryMs = 2_000;

/** What the web server asks besides what the API offers. */
export interface AccessGate {
  /** The session of a page that shows both its cookie and its token; it counts as in use. */
  pageOf(cookies: readonly string[], token: string): string | undefined;
  /** Whether one of the values is the cookie of a session. */
  knowsCookie(cookies: readonly string[]): boolean;
  /** The page is still there. False once its session is over. */
  stillThere(session: string): boolean;
  /** Which browser the page with this cookie runs in. */
  describe(cookie: string, userAgent: string): void;
  /** Whether a scraper may read the metrics. */
  mayReadMetrics(token: string): boolean;
  /** Told of every session that ends, at that moment. Returns how to stop listening. */
  onEnded(listener: (session: string) => void): () => void;
}

export interface Access extends AccessPort, AccessGate {
  /** Told whenever a session begins or ends. Returns how to stop listening. */
  onChanged(listener: () => void): () => void;
  /** Why nobody can be let in as long as this manager runs, if so. */
  readonly problem: AcpError | undefined;
  /** Which incidents have been seen. */
  readonly marks: ReadMarks;
  close(): void;
}

export interface AccessOptions {
  /** `db/access.json`, in a folder the caller has checked to be the user's own. */
  readonly file: string;
  readonly log: (code: ErrorCode, detail: string) => void;
  /** Something happened that the person should know of. */
  readonly incident: (code: ErrorCode, detail: string) => void;
  /** Codes have come to their end, used or not. */
  readonly onCodesOver?: () => void;
  /** Until what the disk did not take is tried again. Milliseconds. */
  readonly retryMs?: number;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

/** Who may use the HTTP side. What cannot be read lets nobody in. */
export function openAccess(options: AccessOptions): Access {
  const { file, log, incident, clock = systemClock, random = (length) => randomBytes(length) } = options;
  const listeners = new Set<(session: string) => void>();
  const watchers = new Set<() => void>();
  const kept = keepAccess(
    { file, log, now: clock.now(), retryMs: options.retryMs ?? defaultRetryMs },
    () => ({
      sessions: sessions.list(),
      tokens: tokens.stored(),
      marks: marks.now(),
    }),
  );
  const { stored, problem } = kept;
  // Nobody waits for it: a mark that is lost is made again.
  const marks = createReadMarks({
    stored: stored.marks,
    now: () => clock.now(),
    onChanged: () => kept.writeSoon(),
  });
  const codes = createOneTimeCodes(clock, random);
  const tokens = createMetricTokens(stored.tokens, { clock, random });
  const sessions = createPageSessions(stored.sessions, { clock, random }, (id) => {
    kept.fallBehind();
    for (const listener of listeners) listener(id);
    for (const watcher of watchers) watcher();
  });
  let codesOver: NodeJS.Timeout | undefined;
  let seenWrittenMs = clock.monotonicMs();
  /** Taken back here, but perhaps not in the file. */
  const unsaid = new Set<string>();

  const mayChange = (): void => {
    if (problem !== undefined) throw problem;
  };

  const takeBack = (id: string, end: (id: string) => boolean): boolean => {
    if (!kept.isBehind) unsaid.clear();
    // It is over at once. Where the file could not say so, asking again says whether it can now.
    if (!end(id) && !unsaid.has(id)) return false;
    unsaid.add(id);
    kept.write();
    unsaid.delete(id);
    return true;
  };

  const seen = (session: string): boolean => {
    if (!sessions.touch(session)) return false;
    if (clock.monotonicMs() - seenWrittenMs >= writeSeenMs) {
      seenWrittenMs = clock.monotonicMs();
      kept.writeSoon();
    }
    return true;
  };

  const unlock = (code: string) => {
    mayChange();
    const spent = codes.spend(code);
    switch (spent.outcome) {
      case 'limited':
        if (spent.first)
          incident('too_many_requests', 'Too many wrong codes to unlock the dashboard within a minute.');
        throw new AcpError('too_many_requests', 'Too many wrong codes came within a minute.', {
          fix: 'Use a new one: mcp-acp manager open',
        });
      case 'reused':
        if (spent.session !== undefined && sessions.end(spent.session)) kept.writeSoon();
        if (spent.first)
          incident(
            'unlock_refused',
            'A code to unlock the dashboard was used twice; no session it opened is left.',
          );
        throw new AcpError('unlock_refused');
      case 'unknown':
      case 'expired':
        throw new AcpError('unlock_refused');
      case 'spent': {
        const { id, cookie, token } = sessions.open();
        spent.madeSession(id);
        try {
          kept.write();
        } catch (error) {
          sessions.end(id);
          throw error;
        }
        for (const watcher of watchers) watcher();
        return { session: id, cookie, token };
      }
    }
  };

  return {
    problem,
    marks,
    createCode: () => {
      mayChange();
      clearTimeout(codesOver);
      codesOver = setTimeout(() => options.onCodesOver?.(), codesOverMs).unref();
      return codes.create();
    },
    unlock: async (code) => unlock(code),
    prove: sessions.prove,
    sessions: () =>
      sessions.list().map(({ id, createdAt, lastSeenAt, userAgent }) => ({
        id,
        createdAt: new Date(createdAt).toISOString(),
        lastSeenAt: new Date(lastSeenAt).toISOString(),
        ...(userAgent === undefined ? {} : { userAgent }),
      })),
    revoke: (id) => takeBack(id, sessions.end),
    createToken: (scope, name) => {
      mayChange();
      const created = tokens.create(scope, name);
      try {
        kept.write();
      } catch (error) {
        tokens.end(created.id);
        throw error;
      }
      return created;
    },
    tokens: tokens.list,
    revokeToken: (id) => takeBack(id, tokens.end),
    pageOf: (cookies, token) => {
      const session = sessions.find(cookies, token);
      return session !== undefined && seen(session) ? session : undefined;
    },
    knowsCookie: (cookies) => sessions.knowsCookie(cookies),
    stillThere: seen,
    describe: (cookie, userAgent) => {
      sessions.describe(cookie, userAgent);
      kept.fallBehind();
    },
    mayReadMetrics: tokens.knows,
    onEnded: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onChanged: (listener) => {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    close: () => {
      clearTimeout(codesOver);
      // When each was last seen is written with it.
      if (sessions.list().length > 0) kept.fallBehind();
      kept.close();
    },
  };
}
