import { asc, eq, inArray, ne } from 'drizzle-orm';
import type { HistoryDatabase } from './open-database.ts';
import { events, marks } from './schema.ts';

export interface EventRow {
  /** Which run of the manager, and the event's number in it. */
  readonly epoch: number;
  readonly n: number;
  readonly time: number;
  readonly json: string;
}

export interface EventRows {
  /** Adds events, and what is to be remembered with them, in one transaction. The oldest go where there are too many. */
  append(rows: readonly EventRow[], remembered?: ReadonlyMap<string, string>): void;
  /** What follows an event, oldest first; undefined where that one is not kept any more. */
  after(epoch: number, n: number, limit: number): readonly EventRow[] | undefined;
  /** Forgets all events. */
  clear(): void;
  /** A number greater than that of any run before, of a time in milliseconds since the epoch. */
  nextEpoch(nowMs: number): number;
  /** What was remembered with events. */
  remembered(): ReadonlyMap<string, string>;
  forget(keys: readonly string[]): void;
}

const epochKey = 'epoch';

/** `most` events are kept, or a tenth more for a while. */
export function createEventRows({ client, orm }: HistoryDatabase, most: number): EventRows {
  const insert = client.prepare('INSERT OR REPLACE INTO events (epoch, n, time, json) VALUES (?, ?, ?, ?)');
  const following = client.prepare<[number, number, number], EventRow>(
    'SELECT epoch, n, time, json FROM events WHERE (epoch, n) > (?, ?) ORDER BY epoch, n LIMIT ?',
  );
  const known = client
    .prepare<[number, number], number>('SELECT 1 FROM events WHERE epoch = ? AND n = ?')
    .pluck();
  const oldestKept = client.prepare<[number], EventRow>(
    'SELECT epoch, n FROM events ORDER BY epoch DESC, n DESC LIMIT 1 OFFSET ?',
  );
  const removeBefore = client.prepare('DELETE FROM events WHERE (epoch, n) < (?, ?)');
  const remember = client.prepare('INSERT OR REPLACE INTO marks (key, value) VALUES (?, ?)');
  let count = Number(client.prepare('SELECT count(*) FROM events').pluck().get());

  const trim = (): void => {
    if (count <= most * 1.1) return;
    const oldest = oldestKept.get(most - 1);
    if (oldest !== undefined) removeBefore.run(oldest.epoch, oldest.n);
    count = most;
  };

  const append = client.transaction(
    (rows: readonly EventRow[], remembered: ReadonlyMap<string, string>): void => {
      for (const { epoch, n, time, json } of rows) insert.run(epoch, n, time, json);
      for (const [key, value] of remembered) remember.run(key, value);
    },
  );

  return {
    append: (rows, remembered = new Map()) => {
      append.immediate(rows, remembered);
      count += rows.length;
      trim();
    },
    after: (epoch, n, limit) =>
      known.get(epoch, n) === undefined ? undefined : following.all(epoch, n, limit),
    clear: () => {
      orm.delete(events).run();
      count = 0;
    },
    nextEpoch: (nowMs) =>
      client
        .transaction(() => {
          const [row] = orm.select().from(marks).where(eq(marks.key, epochKey)).all();
          // By the clock, so that a database that was lost does not begin with numbers that pages still know.
          const epoch = Math.max(Number(row?.value ?? 0) + 1, Math.floor(nowMs / 1000));
          remember.run(epochKey, String(epoch));
          return epoch;
        })
        .immediate(),
    remembered: () =>
      new Map(
        orm
          .select()
          .from(marks)
          .where(ne(marks.key, epochKey))
          .orderBy(asc(marks.key))
          .all()
          .map(({ key, value }) => [key, value]),
      ),
    forget: (keys) => {
      for (let from = 0; from < keys.length; from += 500) {
        orm
          .delete(marks)
          .where(inArray(marks.key, keys.slice(from, from + 500)))
          .run();
      }
    },
  };
}
