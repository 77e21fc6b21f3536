import { asc, eq, sql } from 'drizzle-orm';
import type { HistoryDatabase } from './open-database.ts';
import { proxies } from './schema.ts';

export type ProxyRow = typeof proxies.$inferSelect;

export interface ProxyRows {
  /** Every proxy that was seen, by name. */
  all(): readonly ProxyRow[];
  /** Notes that a proxy was seen, and the figures of its last session where there are any. */
  seen(proxy: {
    readonly id: string;
    readonly name: string;
    readonly time: number;
    readonly session?: string;
  }): void;
  forget(id: string): void;
}

export const createProxyRows = ({ orm }: HistoryDatabase): ProxyRows => ({
  all: () => orm.select().from(proxies).orderBy(asc(proxies.name), asc(proxies.id)).all(),
  seen: ({ id, name, time, session }) => {
    orm
      .insert(proxies)
      .values({ id, name, firstSeen: time, lastSeen: time, session: session ?? null })
      .onConflictDoUpdate({
        target: proxies.id,
        set: {
          name,
          firstSeen: sql`min(${proxies.firstSeen}, ${time})`,
          lastSeen: sql`max(${proxies.lastSeen}, ${time})`,
          ...(session === undefined ? {} : { session }),
        },
      })
      .run();
  },
  forget: (id) => {
    orm.delete(proxies).where(eq(proxies.id, id)).run();
  },
});
