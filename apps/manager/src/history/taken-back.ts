import { closeSync } from 'node:fs';
import { type StreamPosition, streamBeginning } from '@mcp-acp/audit/chain-check';
import { openStream } from '@mcp-acp/audit/open-stream';
import { recordAt } from '@mcp-acp/audit/record-at';
import { streamHashHead } from '@mcp-acp/audit/record-hash';
import type { TailReader, VerifiedBatch } from '@mcp-acp/audit/verified-tail';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { placesBackward } from '@mcp-acp/db/positions';
import type { JournalRecord } from '@mcp-acp/shared/journal-record';
import type { FollowedStream } from './follow-journal.ts';
import { streamPath } from './read-streams.ts';

/**
 * What became of records that had been read, in a stream that does not go on as it should. `there`: they all still are.
 * `waiting`: some are gone, and nothing has come in their place yet. `replaced`: by what a writer or a healer writes when
 * the disk did not keep what it was given; `to` is the last place that stands. `rewritten`: by anything else.
 */
export type TakenBack =
  | { readonly state: 'there' | 'waiting' | 'rewritten' }
  | { readonly state: 'replaced'; readonly to: StreamPosition; readonly by: 'writer' | 'healer' };

export interface TakenBackParts {
  readonly database: HistoryDatabase;
  readonly tail: TailReader;
}

/** Throws system errors of reading. */
export function findTakenBack(stream: FollowedStream, { database, tail }: TakenBackParts): TakenBack {
  const { name, known, folder, proxyId, place } = stream;
  const opened = openStream(streamPath({ auditDir: folder.auditDir, known }));
  if ('why' in opened || place.seq === 0) {
    if ('fd' in opened) closeSync(opened.fd);
    return { state: 'there' };
  }
  const { fd } = opened;
  try {
    const hashHead = streamHashHead(proxyId, name.stream);
    const to = lastHeld(fd, hashHead, { stream, database });
    if (to === undefined) return { state: 'rewritten' };
    if (to.seq === place.seq) return { state: 'there' };
    const origin = { proxyId, instance: known.open.instance };
    return whatFollows(tail.read(fd, { hashHead, origin, from: to }, 1), to);
  } finally {
    closeSync(fd);
  }
}

/** The newest of the records read that is still in its place; undefined where none of those is that are known. */
function lastHeld(
  fd: number,
  hashHead: string,
  { stream, database }: { readonly stream: FollowedStream; readonly database: HistoryDatabase },
): StreamPosition | undefined {
  let next = stream.place.seq;
  for (const { seq, offset, length, hash } of placesBackward(database, stream.name)) {
    if (seq !== next) return undefined;
    if (recordAt(fd, hashHead, { offset, length, hash }) !== undefined) {
      return { offset: offset + length, seq, hash, ended: stream.place.ended && seq === stream.place.seq };
    }
    next = seq - 1;
  }
  return next === 0 ? streamBeginning(stream.known.openingHash ?? '') : undefined;
}

function whatFollows({ records, end }: VerifiedBatch, to: StreamPosition): TakenBack {
  const [first] = records;
  if (first === undefined) return { state: end.state === 'broken' ? 'rewritten' : 'waiting' };
  const { type } = JSON.parse(first.text) as JournalRecord;
  if (type === 'recovered') return { state: 'replaced', to, by: 'healer' };
  return type === 'incident' ? { state: 'replaced', to, by: 'writer' } : { state: 'rewritten' };
}
