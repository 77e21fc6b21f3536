import { closeSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamPosition } from '@mcp-acp/audit/chain-check';
import { openStream } from '@mcp-acp/audit/open-stream';
import type { StreamProblem } from '@mcp-acp/audit/read-chain';
import { streamFileName, streamHashHead } from '@mcp-acp/audit/record-hash';
import { closingProblem } from '@mcp-acp/audit/stream-closing';
import type { TailReader, VerifiedRecord } from '@mcp-acp/audit/verified-tail';
import type { LedgerStream } from '@mcp-acp/audit/verify-ledger';
import type { PlacedRecord } from '@mcp-acp/db/write-records';
import type { ProxyId } from '@mcp-acp/shared/ids';
import type { JournalRecord } from '@mcp-acp/shared/journal-record';

/** A stream, as it is read: what the ledger says of it, and how far it has been read. */
export interface StreamToRead {
  readonly auditDir: string;
  readonly proxyId: ProxyId;
  readonly known: LedgerStream;
  readonly position: StreamPosition;
}

/**
 * What one reading came to. `more`: there is more to be read. `waiting`: all there is has been read. `closed`: and nothing
 * will follow. `gone`: the whole journal is somewhere else now. `doubtful`: what follows is not what it should be, which
 * may pass.
 */
export type StreamReading = {
  readonly records: readonly PlacedRecord[];
  readonly position: StreamPosition;
  /** Bytes of the file behind the position that may hold records. */
  readonly behindBytes: number;
} & (
  | { readonly state: 'more' | 'waiting' | 'closed' | 'gone' }
  | { readonly state: 'doubtful'; readonly problem: StreamProblem }
);

/** Reads and verifies the next records of a stream. Throws system errors of reading. */
export function readStream(tail: TailReader, stream: StreamToRead, bytes: number): StreamReading {
  const { auditDir, proxyId, known, position } = stream;
  const nothing = { records: [], position, behindBytes: 0 };
  const opened = openStream(streamPath(stream));
  if ('why' in opened) {
    // Before its first record a stream's name may still be on its way; a journal that is moved takes everything with it.
    if (opened.missing && !existsSync(auditDir)) return { ...nothing, state: 'gone' };
    return { ...nothing, state: 'doubtful', problem: problemAt(position, opened.why) };
  }
  try {
    const { stream: streamId, instance } = known.open;
    const origin = { proxyId, instance };
    const read = tail.read(
      opened.fd,
      { hashHead: streamHashHead(proxyId, streamId), origin, from: position },
      bytes,
    );
    const behind = read.fileBytes - read.position.offset;
    const result = {
      records: read.records.map((record) => placed(record, stream)),
      position: read.position,
      behindBytes: read.end.state === 'more' ? behind : 0,
    };
    if (read.end.state === 'more') return { ...result, state: 'more' };
    if (read.end.state === 'broken') return { ...result, state: 'doubtful', problem: read.end.problem };
    const problem =
      read.end.state === 'shorter'
        ? problemAt(position, 'records that were there are missing')
        : closingProblem(known, read.position, behind);
    if (problem !== undefined) return { ...result, state: 'doubtful', problem };
    return { ...result, state: known.end === undefined ? 'waiting' : 'closed' };
  } finally {
    closeSync(opened.fd);
  }
}

export const streamPath = ({ auditDir, known }: Pick<StreamToRead, 'auditDir' | 'known'>): string =>
  join(auditDir, streamFileName(known.open.stream));

const problemAt = ({ offset, seq }: StreamPosition, why: string): StreamProblem => ({
  offset,
  line: seq + 1,
  why,
});

/** What was verified is a record, whatever it holds: one that this version cannot read is kept all the same. */
function placed({ text, ...place }: VerifiedRecord, { proxyId, known }: StreamToRead): PlacedRecord {
  try {
    return { record: JSON.parse(text) as JournalRecord, ...place };
  } catch {
    const record = { type: 'unreadable', time: '', proxyId, proxyName: '', instance: known.open.instance };
    return { record: record as unknown as JournalRecord, ...place };
  }
}
