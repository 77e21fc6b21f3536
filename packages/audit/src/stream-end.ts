import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { contentEnd, lastLineEnd } from './read-lines.ts';
import { chainHash, hashEnd, hashMark, hashTailBytes, maxRecordBytes } from './record-hash.ts';
import { type ChainPosition, tornTailProblem } from './torn-tail.ts';

/** The end of a stream that nobody writes any more, found without reading what lies before its last record. */
export interface StreamEndFound {
  /** Bytes and number of the complete records, and the hash of the last of them. */
  readonly size: number;
  readonly lastSeq: number;
  readonly lastHash: string;
  /** Whether the last record is session/closed, or a healer's. */
  readonly last: 'closed' | 'recovered' | 'open';
  /** The beginning of one more record, and its hash. */
  readonly cutBytes: number;
  readonly cutHash: string;
  /** Zeros behind all of it, which are no part of what is lost. */
  readonly reservedBytes: number;
}

const chunkBytes = 64 * 1024;

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  const read = fs.readSync(fd, buffer, 0, length, position);
  return buffer.subarray(0, read);
}

function hashFrom(fd: number, from: number, end: number): string {
  const digest = createHash('sha256');
  for (let position = from; position < end; position += chunkBytes) {
    digest.update(readAt(fd, position, Math.min(chunkBytes, end - position)));
  }
  return digest.digest('hex');
}

/** `why` where the end is not what a crash leaves. Throws system errors of reading. */
export function findStreamEnd(
  fd: number,
  chain: Omit<ChainPosition, 'prev' | 'seq'> & { readonly openingHash: string },
): StreamEndFound | { readonly why: string } {
  const fileSize = fs.fstatSync(fd).size;
  const end = contentEnd(fd, fileSize);
  const size = lastLineEnd(fd, end);
  let lastSeq = 0;
  let lastHash = chain.openingHash;
  let last: StreamEndFound['last'] = 'open';
  if (size > 0) {
    const start = lastLineEnd(fd, size - 1);
    const record =
      size - start > maxRecordBytes ? undefined : lastRecord(readAt(fd, start, size - start), chain);
    if (record === undefined) return { why: 'its last record does not match its own hash' };
    ({ lastSeq, lastHash, last } = record);
  }
  if (end - size > maxRecordBytes) return { why: 'the last line is longer than a record can be' };
  const why = tornTailProblem(readAt(fd, size, end - size), {
    ...chain,
    prev: lastHash,
    seq: lastSeq + 1,
  });
  if (why !== undefined) return { why };
  return {
    size,
    lastSeq,
    lastHash,
    last,
    cutBytes: end - size,
    cutHash: hashFrom(fd, size, end),
    reservedBytes: fileSize - end,
  };
}

function lastRecord(
  line: Buffer,
  chain: Pick<ChainPosition, 'hashHead'>,
): Pick<StreamEndFound, 'lastSeq' | 'lastHash' | 'last'> | undefined {
  const body = line.toString('utf8', 0, Math.max(0, line.length - hashTailBytes));
  const ending = line.toString('latin1', Math.max(0, line.length - hashTailBytes));
  try {
    const record = JSON.parse(`${body}}`) as Record<string, unknown>;
    const { seq, prev, type, event } = record;
    if (!Number.isSafeInteger(seq) || typeof prev !== 'string') return undefined;
    const lastHash = chainHash(chain.hashHead, prev, body);
    if (ending !== `${hashMark}${lastHash}${hashEnd}`) return undefined;
    const closed = type === 'session' && event === 'closed';
    return {
      lastSeq: seq as number,
      lastHash,
      last: type === 'recovered' ? 'recovered' : closed ? 'closed' : 'open',
    };
  } catch {
    return undefined;
  }
}
