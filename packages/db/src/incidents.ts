import { and, desc, eq, gt, gte, inArray, not, type SQL, sql } from 'drizzle-orm';
import type { HistoryDatabase } from './open-database.ts';
import { incidents } from './schema.ts';

export type IncidentRow = typeof incidents.$inferSelect;

/** Which incidents a person has seen: all up to a time, in milliseconds since the epoch, and some behind it. */
export interface SeenIncidents {
  readonly until: number;
  readonly ids: readonly string[];
}

export interface IncidentRows {
  /** Adds one, unless it is there already. True where it was new. */
  add(row: Pick<IncidentRow, 'id' | 'time' | 'source' | 'code' | 'detail'> & Partial<IncidentRow>): boolean;
  /** Newest first. `next`, where there may be more, is what `before` of the next page is. */
  page(query: {
    /** The proxy's name. */
    readonly proxy?: string;
    readonly code?: string;
    readonly since?: number;
    /** Only those that are not among these. */
    readonly unseen?: SeenIncidents;
    readonly before?: IncidentKey;
    readonly limit: number;
  }): { readonly rows: readonly IncidentRow[]; readonly next?: IncidentKey };
  /** How many have not been seen. */
  unseen(seen: SeenIncidents): number;
  /** The same with as few ids as say it. */
  shorter(seen: SeenIncidents): SeenIncidents;
}

export interface IncidentKey {
  readonly time: number;
  readonly id: string;
}

export function createIncidentRows({ orm }: HistoryDatabase): IncidentRows {
  const count = (condition: SQL | undefined): number =>
    orm.select({ count: sql<number>`count(*)` }).from(incidents).where(condition).get()?.count ?? 0;
  const extremeTime = (which: 'min' | 'max', condition: SQL | undefined): number | undefined =>
    orm
      .select({ time: sql<number | null>`${sql.raw(which)}(${incidents.time})` })
      .from(incidents)
      .where(condition)
      .get()?.time ?? undefined;

  return {
    add: (row) => orm.insert(incidents).values(row).onConflictDoNothing().run().changes > 0,
    page: ({ proxy, code, since, unseen, before, limit }) => {
      const rows = orm
        .select()
        .from(incidents)
        .where(
          and(
            proxy === undefined ? undefined : eq(incidents.proxyName, proxy),
            code === undefined ? undefined : eq(incidents.code, code),
            since === undefined ? undefined : gte(incidents.time, since),
            unseen === undefined ? undefined : isUnseen(unseen),
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
    unseen: (seen) => count(isUnseen(seen)),
    shorter: (seen) => {
      const oldest = extremeTime('min', isUnseen(seen));
      const until = oldest === undefined ? extremeTime('max', undefined) : oldest - 1;
      const next = Math.max(seen.until, until ?? seen.until);
      const ids = orm
        .select({ id: incidents.id })
        .from(incidents)
        .where(and(gt(incidents.time, next), oneOf(seen.ids)))
        .all();
      return { until: next, ids: ids.map(({ id }) => id) };
    },
  };
}

/** However many there are, as one parameter. */
const oneOf = (ids: readonly string[]): SQL =>
  inArray(incidents.id, sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`);

const isUnseen = ({ until, ids }: SeenIncidents): SQL | undefined =>
  and(gt(incidents.time, until), not(oneOf(ids)));
