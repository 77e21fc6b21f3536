import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { lastClosed } from '@mcp-acp/db/positions';
import { createProxyRows, type ProxyRows } from '@mcp-acp/db/proxy-rows';
import type { Clock } from '@mcp-acp/shared/clock';
import { instanceStatusSchema } from '@mcp-acp/shared/live/instance-status';
import type { SessionMemory } from '../read-model/read-model.ts';
import type { SeenInstance } from '../read-model/seen-instance.ts';
import type { RememberParts } from './remember-events.ts';

/** The last sessions' figures, on whatever database is open. */
export interface RememberedSessions extends SessionMemory {
  use(database: HistoryDatabase | undefined): void;
}

export function rememberSessions({
  clock,
  attempt,
}: RememberParts & { readonly clock: Clock }): RememberedSessions {
  let history: HistoryDatabase | undefined;
  let rows: ProxyRows | undefined;
  return {
    use: (database) => {
      history = database;
      rows = database === undefined ? undefined : createProxyRows(database);
    },
    lastSessions: () => {
      const sessions = new Map<string, SeenInstance>();
      const seen = attempt(() => rows?.all()) ?? [];
      // A name may have belonged to several proxies: the newest one has it.
      for (const { name, session } of seen.toSorted((a, b) => a.lastSeen - b.lastSeen)) {
        const parsed = session === null ? undefined : parseSession(session);
        if (parsed !== undefined) sessions.set(name, parsed);
      }
      return sessions;
    },
    lastEnd: (id) => {
      const last = attempt(() => (history === undefined ? undefined : lastClosed(history, id)));
      return last === undefined ? undefined : new Date(last).toISOString();
    },
    keep: (name, session) => {
      const id = session.status.proxyId;
      attempt(() => rows?.seen({ id, name, time: clock.now(), session: JSON.stringify(session) }));
    },
  };
}

/** Of another version of the program it may be something else. */
function parseSession(text: string): SeenInstance | undefined {
  const session = JSON.parse(text) as SeenInstance;
  return instanceStatusSchema.safeParse(session.status).success ? session : undefined;
}
