import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
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
  readonly cutBytes: number;
  readonly cutHash: string;
}

const chunkBytes = 64 * 1024;

/** Position behind the last newline before `end`, or 0. */
function lineStart(fd: number, end: number): number {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let position = end; position > 0; ) {
    const length = Math.min(chunkBytes, position);
    position -= length;
    const read = fs.readSync(fd, buffer, 0, length, position);
    const found = buffer.subarray(0, read).lastIndexOf(0x0a);
    if (found !== -1) return position + found + 1;
  }
  return 0;
}

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
  const size = lineStart(fd, fileSize);
  let lastSeq = 0;
  let lastHash = chain.openingHash;
  let last: StreamEndFound['last'] = 'open';
  if (size > 0) {
    const start = lineStart(fd, size - 1);
    const record =
      size - start > maxRecordBytes ? undefined : lastRecord(readAt(fd, start, size - start), chain);
    if (record === undefined) return { why: 'its last record does not match its own hash' };
    ({ lastSeq, lastHash, last } = record);
  }
  const tailBytes = Math.min(fileSize - size, maxRecordBytes + 1);
  const why = tornTailProblem(readAt(fd, size, tailBytes), {
    ...chain,
    prev: lastHash,
    seq: lastSeq + 1,
  });
  if (why !== undefined) return { why };
  return { size, lastSeq, lastHash, last, cutBytes: fileSize - size, cutHash: hashFrom(fd, size, fileSize) };
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
