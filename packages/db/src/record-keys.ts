import type { Database } from 'better-sqlite3';
import { type WordFilter, wordCondition } from './word-filter.ts';

/** Where a record stands in the order of all: by time, then by stream and number. */
export interface RecordKey {
  readonly time: number;
  readonly stream: number;
  readonly seq: number;
}

export interface KeyQuery {
  /** Records before this one, itself excluded. */
  readonly before: RecordKey;
  /** Milliseconds since the epoch, inclusive. */
  readonly since: number;
  readonly words: WordFilter;
  /** Of these streams; of any where it is undefined. */
  readonly streams: readonly StreamSpan[] | undefined;
  readonly limit: number;
}

/** A stream, how many records it has, and times between which they lie. */
export interface StreamSpan {
  readonly id: number;
  readonly records: number;
  readonly first: number;
  readonly last: number;
}

/** Newest first. `next`, where there may be more: the records before this one have not been looked at. */
export interface KeyPage {
  readonly keys: readonly RecordKey[];
  readonly next?: RecordKey;
}

/** How a query is answered depends on how much there is. A test makes these small. */
export interface KeyLimits {
  /** So many records are looked at one by one before anything else is tried: enough for what is found often. */
  readonly glanced: number;
  /** So many shapes are merged; of more, records are walked in the order of time. */
  readonly mergedShapes: number;
  /** Streams with so many records in all are sorted; those of larger ones are walked. */
  readonly sortedRecords: number;
  /** So many records are walked for one page, which may then hold fewer than asked for, or none. */
  readonly walked: number;
}

const keyLimits: KeyLimits = {
  glanced: 1_000,
  mergedShapes: 2_000,
  sortedRecords: 5_000,
  walked: 40_000,
};

const columns = 'time, stream, seq';
const newestFirst = 'ORDER BY time DESC, stream DESC, seq DESC';
const isBefore = '(time, stream, seq) < (?, ?, ?) AND time >= ?';
/** Rows of one shape that are read at once. */
const refill = 16;

const compare = (a: RecordKey, b: RecordKey): number =>
  a.time - b.time || a.stream - b.stream || a.seq - b.seq;

type Range = [time: number, stream: number, seq: number, since: number];
const rangeOf = ({ before, since }: Pick<KeyQuery, 'before' | 'since'>): Range => [
  before.time,
  before.stream,
  before.seq,
  since,
];

export interface RecordKeys {
  find(query: KeyQuery): KeyPage;
}

/**
 * Finds records by their words without an index for every combination of conditions, each page in bounded time: frequent
 * ones by looking at the newest records, rare ones by merging the records of the shapes that match, the rest by walking
 * back in time as far as one page may.
 */
export function createRecordKeys(client: Database, limits: KeyLimits = keyLimits): RecordKeys {
  const heads = client.prepare<[string, ...Range], RecordKey & { shape: number }>(
    `SELECT s.value AS shape, r.time, r.stream, r.seq FROM json_each(?) AS s
     JOIN records AS r ON (r.time, r.stream, r.seq) = (
       SELECT ${columns} FROM records WHERE shape = s.value AND ${isBefore} ${newestFirst} LIMIT 1)`,
  );
  const ofShape = client.prepare<[number, ...Range, number], RecordKey>(
    `SELECT ${columns} FROM records WHERE shape = ? AND ${isBefore} ${newestFirst} LIMIT ?`,
  );
  const skip = client.prepare<[...Range, number], RecordKey>(
    `SELECT ${columns} FROM records NOT INDEXED WHERE ${isBefore} ${newestFirst} LIMIT 1 OFFSET ?`,
  );

  const select = (query: KeyQuery, source: string, shapes: Shapes | undefined): RecordKey[] => {
    const values: (number | string)[] = rangeOf(query);
    let conditions = isBefore;
    if (shapes !== undefined) {
      conditions += ` AND shape ${shapes.sql}`;
      values.push(...shapes.values);
    }
    if (query.streams !== undefined) {
      conditions += ' AND stream IN (SELECT value FROM json_each(?))';
      values.push(JSON.stringify(query.streams.map(({ id }) => id)));
    }
    const sql = `SELECT ${columns} FROM records ${source} WHERE ${conditions} ${newestFirst} LIMIT ?`;
    return client.prepare<(number | string)[], RecordKey>(sql).all(...values, query.limit);
  };

  /** Looks at so many records in the order of time, newest first. */
  const walk = (query: KeyQuery, most: number, shapes: Shapes | undefined): KeyPage => {
    const end = skip.get(...rangeOf(query), most - 1);
    if (end === undefined) return pageOf(select(query, 'NOT INDEXED', shapes), query.limit);
    const found = select({ ...query, since: end.time }, 'NOT INDEXED', shapes);
    const page = pageOf(
      found.filter((key) => compare(key, end) >= 0),
      query.limit,
    );
    return page.next === undefined ? { ...page, next: end } : page;
  };

  /** The records of a few shapes, each of which comes in order from the index. */
  const merge = (query: KeyQuery, shapes: readonly number[]): KeyPage => {
    const found = heads.all(JSON.stringify(shapes), ...rangeOf(query)).sort((a, b) => compare(b, a));
    // A page holds only records of the shapes whose newest ones are the newest.
    const sources = found.slice(0, query.limit).map(({ shape, ...head }) => ({ shape, rows: [head], at: 0 }));
    const keys: RecordKey[] = [];
    while (keys.length < query.limit && sources.length > 0) {
      let best = 0;
      for (let index = 1; index < sources.length; index++) {
        if (compare(headOf(sources[index]), headOf(sources[best])) > 0) best = index;
      }
      const source = sources[best] as (typeof sources)[number];
      const head = headOf(source);
      keys.push(head);
      if (++source.at < source.rows.length) continue;
      source.rows = ofShape.all(source.shape, ...rangeOf({ before: head, since: query.since }), refill);
      source.at = 0;
      if (source.rows.length === 0) sources.splice(best, 1);
    }
    return pageOf(keys, query.limit);
  };

  const matching = (words: WordFilter): readonly number[] => {
    const condition = wordCondition(words, true);
    return client
      .prepare<string[], number>(`SELECT id FROM shapes WHERE records > 0 AND ${condition?.sql ?? 'true'}`)
      .pluck()
      .all(...(condition?.values ?? []));
  };

  const findRare = (query: KeyQuery): KeyPage => {
    const shapes = matching(query.words);
    if (shapes.length === 0) return { keys: [] };
    if (query.streams === undefined && shapes.length <= limits.mergedShapes) return merge(query, shapes);
    return walk(query, limits.walked, oneOf(shapes));
  };

  return {
    find: (asked) => {
      const { streams } = asked;
      if (streams?.length === 0) return { keys: [] };
      const condition = wordCondition(asked.words, false);
      const lookedUp = condition === undefined ? undefined : whose(condition);
      if (condition === undefined && streams === undefined) {
        return pageOf(select(asked, 'NOT INDEXED', undefined), asked.limit);
      }
      if (
        streams !== undefined &&
        streams.reduce((sum, { records }) => sum + records, 0) <= limits.sortedRecords
      ) {
        return pageOf(select(asked, 'INDEXED BY records_by_stream', lookedUp), asked.limit);
      }
      const query = streams === undefined ? asked : within(asked, streams);
      if (condition === undefined) return walk(query, limits.walked, undefined);
      const glance = walk(query, limits.glanced, lookedUp);
      if (glance.next === undefined || glance.keys.length === query.limit) return glance;
      const rest = findRare({ ...query, before: glance.next, limit: query.limit - glance.keys.length });
      return { ...rest, keys: [...glance.keys, ...rest.keys] };
    },
  };
}

/** A condition on the shape of a record, and the values of its parameters. */
interface Shapes {
  readonly sql: string;
  readonly values: readonly string[];
}

const whose = (condition: Shapes): Shapes => ({
  sql: `IN (SELECT id FROM shapes WHERE id = records.shape AND ${condition.sql})`,
  values: condition.values,
});

const oneOf = (shapes: readonly number[]): Shapes => ({
  sql: 'IN (SELECT value FROM json_each(?))',
  values: [JSON.stringify(shapes)],
});

const headOf = (
  source: { readonly rows: readonly RecordKey[]; readonly at: number } | undefined,
): RecordKey => source?.rows[source.at] as RecordKey;

/** A full page may be followed by another. */
function pageOf(keys: readonly RecordKey[], limit: number): KeyPage {
  const last = keys.at(-1);
  return keys.length < limit || last === undefined ? { keys } : { keys, next: last };
}

/** Nothing of these streams lies outside of their times. */
function within(query: KeyQuery, streams: readonly StreamSpan[]): KeyQuery {
  const last = Math.max(...streams.map((stream) => stream.last));
  const since = Math.max(query.since, Math.min(...streams.map(({ first }) => first)));
  const before = last < query.before.time ? { time: last + 1, stream: 0, seq: 0 } : query.before;
  return { ...query, since, before };
}
