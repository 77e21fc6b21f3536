import { and, desc, eq, sql } from 'drizzle-orm';
import type { HistoryDatabase } from './open-database.ts';
import { incidents } from './schema.ts';

export type IncidentRow = typeof incidents.$inferSelect;

export interface IncidentRows {
  /** Adds one, unless it is there already. True where it was new. */
  add(row: Pick<IncidentRow, 'id' | 'time' | 'source' | 'code' | 'detail'> & Partial<IncidentRow>): boolean;
  /** Newest first. `next`, where there may be more, is what `before` of the next page is. */
  page(query: {
    /** The proxy's name. */
    readonly proxy?: string;
    readonly before?: IncidentKey;
    readonly limit: number;
  }): { readonly rows: readonly IncidentRow[]; readonly next?: IncidentKey };
}

export interface IncidentKey {
  readonly time: number;
  readonly id: string;
}

export function createIncidentRows({ orm }: HistoryDatabase): IncidentRows {
  return {
    add: (row) => orm.insert(incidents).values(row).onConflictDoNothing().run().changes > 0,
    page: ({ proxy, before, limit }) => {
      const rows = orm
        .select()
        .from(incidents)
        .where(
          and(
            proxy === undefined ? undefined : eq(incidents.proxyName, proxy),
            before === undefined
              ? undefined
              : sql`(${incidents.time}, ${incidents.id}) < (${before.time}, ${before.id})`,
          ),
        )
        .orderBy(desc(incidents.time), desc(incidents.id))
        .limit(limit)
        .all();
      const last = rows.at(-1);
      return rows.length < limit || last === undefined
        ? { rows }
        : { rows, next: { time: last.time, id: last.id } };
    },
  };
}
