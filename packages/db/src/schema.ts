import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * The history: a projection of the proxies' journals, made anew from them at any time, and a few things that no journal
 * holds (`proxies`, `events`, `marks`, incidents of the manager's own). Times are milliseconds since the Unix epoch.
 *
 * A change here is followed by `npm run migrations`. Two things Drizzle cannot say are written into the migrations by hand:
 * that `records`, `series` and `events` are WITHOUT ROWID, so that they lie in the order of their keys, and the full-text
 * index `shapes_text`.
 */

/** How far each stream has been projected. `id` is a digest of proxy and stream, so that it does not depend on any order. */
export const streams = sqliteTable(
  'streams',
  {
    id: integer().primaryKey(),
    /** Id of the proxy. */
    proxy: text().notNull(),
    instance: text().notNull(),
    /** `<instance>.<segment>`. */
    stream: text().notNull(),
    /** The position: bytes read, records read, hash of the last of them, whether it ends the stream. */
    offset: integer().notNull(),
    seq: integer().notNull(),
    hash: text().notNull(),
    ended: integer({ mode: 'boolean' }).notNull(),
    /** `tampered`: nothing behind the position is read any more. */
    state: text({ enum: ['open', 'closed', 'tampered'] }).notNull(),
    /** Rows in `records`. */
    records: integer().notNull(),
    /** Times between which its records lie. */
    first: integer(),
    last: integer(),
  },
  (table) => [
    uniqueIndex('streams_by_name').on(table.proxy, table.stream),
    index('streams_by_instance').on(table.instance),
  ],
);

/**
 * The searchable words of a record, once for all records that have the same. `id` is a digest of them. A decision has the
 * words of its outcome too, and an outcome those of its decision. `words` is what text is searched in, in lower case.
 */
export const shapes = sqliteTable(
  'shapes',
  {
    id: integer().primaryKey(),
    proxy: text().notNull(),
    proxyName: text('proxy_name').notNull(),
    type: text().notNull(),
    event: text(),
    from: text('sender'),
    class: text(),
    method: text(),
    tool: text(),
    prompt: text(),
    client: text(),
    subject: text(),
    decidedBy: text('decided_by'),
    effect: text(),
    disposition: text(),
    reason: text(),
    status: text(),
    outcomeReason: text('outcome_reason'),
    state: text(),
    detail: text(),
    words: text().notNull(),
    /** Rows in `records`; a shape without any is removed in time. */
    records: integer().notNull(),
  },
  (table) => [
    index('shapes_by_proxy').on(table.proxyName, table.type),
    index('shapes_by_tool').on(table.tool, table.type),
    index('shapes_unused').on(table.id).where(sql`records = 0`),
  ],
);

/** A record of a journal: what is counted and sorted, and where the whole of it lies. */
export const records = sqliteTable(
  'records',
  {
    time: integer().notNull(),
    stream: integer().notNull(),
    seq: integer().notNull(),
    shape: integer().notNull(),
    requestId: text('request_id'),
    size: integer(),
    /** Of an outcome: the `seq` of its decision. Of a decision: that of its outcome. */
    decision: integer(),
    outcome: integer(),
    /** Microseconds. */
    evalUs: integer('eval_us'),
    waitUs: integer('wait_us'),
    durationUs: integer('duration_us'),
    backendUs: integer('backend_us'),
    /** Of its line in the stream's file. Bytes, the newline included. */
    offset: integer().notNull(),
    length: integer().notNull(),
    hash: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.time, table.stream, table.seq] }),
    uniqueIndex('records_by_stream').on(table.stream, table.seq),
    index('records_by_shape').on(table.shape, table.time, table.stream, table.seq),
  ],
);

/** What went wrong. `id` is made of what it is about, so that it is the same each time it is found. */
export const incidents = sqliteTable(
  'incidents',
  {
    id: text().primaryKey(),
    time: integer().notNull(),
    /**
     * `journal`: a record of that type. `history`: found while reading journals. `manager`: told by the manager. `file`: a
     * line of a file in `incidents/`, where what has no journal is written.
     */
    source: text({ enum: ['journal', 'history', 'manager', 'file'] }).notNull(),
    proxy: text(),
    proxyName: text('proxy_name'),
    instance: text(),
    /** Of the stream's row, and the record. */
    stream: integer(),
    seq: integer(),
    code: text().notNull(),
    detail: text().notNull(),
    count: integer(),
  },
  (table) => [
    index('incidents_by_time').on(table.time, table.id),
    index('incidents_by_proxy').on(table.proxyName, table.time, table.id),
    index('incidents_by_stream').on(table.stream, table.seq),
  ],
);

/**
 * Counts and latencies by minute, and the same added up: for the tools of a proxy, for a proxy, for all; over `width`
 * minutes. What does not apply is empty, as is the tool of a request that names none.
 */
export const series = sqliteTable(
  'series',
  {
    scope: text({ enum: ['all', 'proxy', 'tool'] }).notNull(),
    width: integer().notNull(),
    /** The proxy's name. */
    proxy: text().notNull(),
    tool: text().notNull(),
    /** Beginning of the bucket. */
    start: integer().notNull(),
    requests: integer().notNull(),
    allowed: integer().notNull(),
    denied: integer().notNull(),
    /** Requests for which the policy said so. */
    allow: integer('effect_allow').notNull(),
    ask: integer('effect_ask').notNull(),
    deny: integer('effect_deny').notNull(),
    /** Outcomes of access requests that were passed on: a JSON object of status and count. */
    statuses: text().notNull(),
    call: blob({ mode: 'buffer' }),
    backend: blob({ mode: 'buffer' }),
    evaluation: blob({ mode: 'buffer' }),
    humanWait: blob('human_wait', { mode: 'buffer' }),
  },
  (table) => [primaryKey({ columns: [table.scope, table.width, table.tool, table.proxy, table.start] })],
);

/** Every proxy that was seen, and the figures of its last session. */
export const proxies = sqliteTable('proxies', {
  id: text().primaryKey(),
  name: text().notNull(),
  firstSeen: integer('first_seen').notNull(),
  lastSeen: integer('last_seen').notNull(),
  session: text(),
});

/** The last live events, for a page that comes back. */
export const events = sqliteTable(
  'events',
  {
    epoch: integer().notNull(),
    n: integer().notNull(),
    time: integer().notNull(),
    json: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.epoch, table.n] })],
);

/** Small things to remember, by name. */
export const marks = sqliteTable('marks', { key: text().primaryKey(), value: text().notNull() });
