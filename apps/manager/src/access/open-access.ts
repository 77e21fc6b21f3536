import { randomBytes } from 'node:crypto';
import type { AccessPort } from '@mcp-acp/api/ports/access';
import { type Clock, systemClock } from '@mcp-acp/shared/clock';
import { AcpError, type ErrorCode, systemErrorCode } from '@mcp-acp/shared/errors';
import type { RandomBytes } from '@mcp-acp/shared/ids';
import { visible } from '@mcp-acp/shared/visible';
import { readAccess, type Stored, type StoredToken, setAside, writeAccess } from './access-file.ts';
import { createOneTimeCodes } from './one-time-codes.ts';
import { createPageSessions } from './page-sessions.ts';
import { digestOf, isSame, newName, newSecret } from './secrets.ts';

/** Most often that the times at which pages were last seen are written down. Milliseconds. */
const writeSeenMs = 60_000;
const mostTokens = 25;
const tokenPrefix = 'acp_m_';

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
  close(): void;
}

export interface AccessOptions {
  /** `db/access.json`, in a folder the caller has checked to be the user's own. */
  readonly file: string;
  readonly log: (code: ErrorCode, detail: string) => void;
  /** Something happened that the person should know of. */
  readonly incident: (code: ErrorCode, detail: string) => void;
  readonly clock?: Clock;
  readonly random?: RandomBytes;
}

/** Who may use the HTTP side. What cannot be read lets nobody in. */
export function openAccess(options: AccessOptions): Access {
  const { file, log, incident, clock = systemClock, random = (length) => randomBytes(length) } = options;
  const listeners = new Set<(session: string) => void>();
  const watchers = new Set<() => void>();
  const { stored, problem } = readOrSetAside(file, { log, now: clock.now() });
  const codes = createOneTimeCodes(clock, random);
  const tokens = new Map<string, StoredToken>(stored.tokens.map((token) => [token.id, token]));
  let writtenMs = clock.monotonicMs();
  /** What is in memory is not in the file. */
  let isBehind = false;
  const sessions = createPageSessions(stored.sessions, { clock, random }, (id) => {
    isBehind = true;
    for (const listener of listeners) listener(id);
    for (const watcher of watchers) watcher();
  });

  const mayChange = (): void => {
    if (problem !== undefined) throw problem;
  };

  const write = (): void => {
    isBehind = true;
    writtenMs = clock.monotonicMs();
    const seen = sessions.list();
    try {
      writeAccess(file, { sessions: seen, tokens: [...tokens.values()] });
      isBehind = false;
    } catch (error) {
      const code = systemErrorCode(error) ?? 'unknown';
      throw new AcpError('internal', `access.json cannot be written (${code}).`, { cause: error });
    }
  };

  /** Where nothing depends on it: it is tried again with the next one. */
  const writeSeen = (): void => {
    try {
      write();
    } catch (error) {
      log('internal', error instanceof Error ? error.message : String(error));
    }
  };

  const seen = (session: string): boolean => {
    if (!sessions.touch(session)) return false;
    if (problem === undefined && clock.monotonicMs() - writtenMs >= writeSeenMs) writeSeen();
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
          fix: 'Wait a minute, then: mcp-acp manager open',
        });
      case 'reused':
        if (spent.session !== undefined && sessions.end(spent.session)) writeSeen();
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
          write();
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
    createCode: () => {
      mayChange();
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
    revoke: (id) => {
      // It is over at once, even where the file cannot say so yet.
      if (!sessions.end(id)) return false;
      write();
      return true;
    },
    createToken: (scope, name) => {
      mayChange();
      if (tokens.size >= mostTokens) {
        throw new AcpError('bad_request', `There are ${mostTokens} tokens already.`, {
          fix: 'Revoke one: mcp-acp manager token revoke ID',
        });
      }
      const id = newName(random, 'tok_');
      const token = tokenPrefix + newSecret(random, 32);
      const entry = { id, scope, digest: digestOf(token), createdAt: clock.now() };
      tokens.set(id, name === undefined ? entry : { ...entry, name: visible(name, 64) });
      try {
        write();
      } catch (error) {
        tokens.delete(id);
        throw error;
      }
      return { id, token };
    },
    tokens: () =>
      [...tokens.values()].map(({ id, scope, name, createdAt }) => ({
        id,
        scope,
        createdAt: new Date(createdAt).toISOString(),
        ...(name === undefined ? {} : { name }),
      })),
    revokeToken: (id) => {
      if (!tokens.delete(id)) return false;
      write();
      return true;
    },
    pageOf: (cookies, token) => {
      const session = sessions.find(cookies, token);
      return session !== undefined && seen(session) ? session : undefined;
    },
    knowsCookie: (cookies) => sessions.knowsCookie(cookies),
    stillThere: seen,
    describe: (cookie, userAgent) => {
      sessions.describe(cookie, userAgent);
      isBehind = true;
    },
    mayReadMetrics: (token) => {
      const digest = digestOf(token);
      return [...tokens.values()].filter((known) => isSame(known.digest, digest)).length > 0;
    },
    onEnded: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onChanged: (listener) => {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    close: () => {
      if (problem === undefined && (isBehind || sessions.list().length > 0)) writeSeen();
    },
  };
}

function readOrSetAside(
  file: string,
  { log, now }: { readonly log: AccessOptions['log']; readonly now: number },
): { readonly stored: Stored; readonly problem: AcpError | undefined } {
  const stored: Stored = { sessions: [], tokens: [] };
  const lockedBy = (problem: AcpError) => {
    log(problem.code, problem.message);
    return { stored, problem };
  };
  const read = readAccess(file);
  switch (read.state) {
    case 'read':
      return { stored: read.stored, problem: undefined };
    case 'absent':
      return { stored, problem: undefined };
    case 'newer':
      return lockedBy(
        new AcpError(
          'format_too_new',
          'access.json was written by a newer version, so every page stays locked.',
          {
            fix: 'Use the newer version of mcp-acp.',
          },
        ),
      );
    case 'damaged':
      try {
        const aside = setAside(file, now);
        log(
          'config_invalid',
          `access.json was set aside as ${aside}, and every page is locked: ${read.why}.`,
        );
        return { stored, problem: undefined };
      } catch (error) {
        const code = systemErrorCode(error) ?? 'unknown';
        return lockedBy(
          new AcpError(
            'config_invalid',
            `access.json cannot be used (${read.why}) nor set aside (${code}).`,
            {
              fix: `Remove ${file} and start the manager again.`,
              cause: error,
            },
          ),
        );
      }
  }
}
