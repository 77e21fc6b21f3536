import { and, eq, inArray, max, sum } from 'drizzle-orm';
import type { HistoryDatabase } from './open-database.ts';
import { streams } from './schema.ts';
import type { StreamName, StreamPlace } from './stream-rows.ts';

/** How far the streams of a proxy have been projected. */
export interface StoredPosition extends StreamPlace {
  /** Of the stream's row. */
  readonly id: number;
  readonly stream: string;
}

export const positionsOf = ({ orm }: HistoryDatabase, proxy: string): readonly StoredPosition[] =>
  orm
    .select({
      id: streams.id,
      stream: streams.stream,
      offset: streams.offset,
      seq: streams.seq,
      hash: streams.hash,
      ended: streams.ended,
      state: streams.state,
    })
    .from(streams)
    .where(eq(streams.proxy, proxy))
    .all();

export const countRecords = ({ orm }: HistoryDatabase): number =>
  Number(
    orm
      .select({ records: sum(streams.records) })
      .from(streams)
      .get()?.records ?? 0,
  );

/** When the newest session of a proxy that is over wrote its last record, as far as its journals have been read. */
export const lastClosed = ({ orm }: HistoryDatabase, proxy: string): number | undefined =>
  orm
    .select({ last: max(streams.last) })
    .from(streams)
    .where(and(eq(streams.proxy, proxy), eq(streams.state, 'closed')))
    .get()?.last ?? undefined;

/** Where records of a stream lie in its file, newest first. */
export function* placesBackward(
  { client }: HistoryDatabase,
  { proxy, stream }: Pick<StreamName, 'proxy' | 'stream'>,
): Generator<RecordPlace> {
  const before = client.prepare<[string, string, number], RecordPlace>(
    `SELECT r.seq, r."offset", r.length, lower(hex(r.hash)) AS hash FROM streams AS s JOIN records AS r ON r.stream = s.id
     WHERE s.proxy = ? AND s.stream = ? AND r.seq < ? ORDER BY r.seq DESC LIMIT 64`,
  );
  for (let seq = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = before.all(proxy, stream, seq);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    seq = last.seq;
  }
}

export interface RecordPlace {
  readonly seq: number;
  readonly offset: number;
  readonly length: number;
  readonly hash: string;
}

/** Which of these instances have ended, as far as their journals have been read. */
export const closedInstances = ({ orm }: HistoryDatabase, instances: readonly string[]): readonly string[] =>
  orm
    .select({ instance: streams.instance })
    .from(streams)
    .where(and(inArray(streams.instance, [...instances]), eq(streams.state, 'closed')))
    .all()
    .map(({ instance }) => instance);
