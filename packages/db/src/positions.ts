import { eq, sum } from 'drizzle-orm';
import type { HistoryDatabase } from './open-database.ts';
import { streams } from './schema.ts';
import type { StreamPlace } from './stream-rows.ts';

/** How far the streams of a proxy have been projected. */
export interface StreamPosition extends StreamPlace {
  /** Of the stream's row. */
  readonly id: number;
  readonly stream: string;
}

export const positionsOf = ({ orm }: HistoryDatabase, proxy: string): readonly StreamPosition[] =>
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

/** Where records of a stream lie in its file, newest first. */
export function* placesBackward(
  { client }: HistoryDatabase,
  stream: number,
): Generator<{
  readonly seq: number;
  readonly offset: number;
  readonly length: number;
  readonly hash: string;
}> {
  const before = client.prepare<
    [number, number],
    { seq: number; offset: number; length: number; hash: string }
  >(
    `SELECT seq, "offset", length, lower(hex(hash)) AS hash FROM records WHERE stream = ? AND seq < ? ORDER BY seq DESC LIMIT 64`,
  );
  for (let seq = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = before.all(stream, seq);
    yield* rows;
    if (rows.length === 0) return;
    seq = rows.at(-1)?.seq ?? 0;
  }
}
