import * as fs from 'node:fs';
import { type ChainCheck, createChainCheck, streamBeginning } from './chain-check.ts';
import { chainBufferBytes, problemBehind, readChunk, type StreamProblem } from './read-chain.ts';
import { contentEnd } from './read-lines.ts';
import { maxRecordBytes } from './record-hash.ts';
import { type ChainPosition, tornTailProblem } from './torn-tail.ts';

const chunkBytes = 1024 * 1024;
const newline = 0x0a;

export interface StreamScan {
  /** Complete records that verify, their bytes, and the hash of the last of them. */
  readonly records: number;
  readonly size: number;
  readonly lastHash: string;
  /** Whether the last of them ends a stream: session/closed, or what a healer wrote. */
  readonly ended: boolean;
  /** Bytes behind them that are the beginning of one more record, as a crash or a write under way leaves them. */
  readonly tornBytes: number;
  /** NULs behind all that. */
  readonly reservedBytes: number;
  readonly problem?: StreamProblem;
}

export interface ScanOptions {
  readonly hashHead: string;
  readonly firstPrev: string;
  readonly origin: ChainPosition['origin'];
  readonly onBytes?: (bytes: number) => void;
}

/** Lets timers and sockets of the same process have their turn between two chunks. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Verifies an open stream file record by record, on bytes, in bounded memory. Throws system errors of reading. */
export async function scanStream(fd: number, options: ScanOptions): Promise<StreamScan> {
  // What is added meanwhile is not part of this look, or a fast writer would never be caught up with.
  const fileSize = fs.fstatSync(fd).size;
  const chain = createChainCheck(options, streamBeginning(options.firstPrev));
  const buffer = Buffer.allocUnsafeSlow(Math.min(fileSize, chainBufferBytes));
  for (;;) {
    const from = chain.offset;
    const end = readChunk(fd, chain, { buffer, until: fileSize });
    if (end.state === 'bad') return scanned(chain, { problem: end.problem });
    options.onBytes?.((end.state === 'more' ? chain.offset : fileSize) - from);
    if (end.state === 'end') break;
    await breathe();
  }
  return scanTail(fd, chain, fileSize);
}

const scanned = (
  { seq, offset, hash, ended }: ChainCheck,
  more: Partial<Pick<StreamScan, 'tornBytes' | 'reservedBytes' | 'problem'>>,
): StreamScan => ({
  records: seq,
  size: offset,
  lastHash: hash,
  ended,
  tornBytes: 0,
  reservedBytes: 0,
  ...more,
});

/** Judges what lies behind the last newline: the beginning of a record, or nothing, and NULs. */
function scanTail(fd: number, chain: ChainCheck, fileSize: number): StreamScan {
  const from = chain.offset;
  const end = Math.max(from, contentEnd(fd, fileSize));
  // Read after its end was found, so that a writer has put in place all that lies before it.
  const tail = Buffer.alloc(Math.min(end - from, maxRecordBytes + 1));
  fs.readSync(fd, tail, 0, tail.length, from);
  let start = 0;
  for (let lineEnd = tail.indexOf(newline); lineEnd !== -1; lineEnd = tail.indexOf(newline, start)) {
    const why = chain.add(tail, start, lineEnd + 1);
    if (why !== undefined) {
      const bytes = tail.subarray(start, lineEnd + 1);
      return scanned(chain, { problem: problemBehind(chain, why, { bytes }) });
    }
    start = lineEnd + 1;
  }
  const begun = tail.subarray(start);
  const tooLong = end - from > tail.length ? 'the last line is longer than a record can be' : undefined;
  const why = tornTailProblem(begun, chain.next()) ?? tooLong;
  if (why !== undefined) {
    const strayAt = (): number => firstStray(fd, from + start, end);
    return scanned(chain, { problem: problemBehind(chain, why, { bytes: begun, strayAt }) });
  }
  return scanned(chain, { tornBytes: begun.length, reservedBytes: fileSize - end });
}

/** Position of the first byte that is not NUL. */
function firstStray(fd: number, from: number, end: number): number {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let position = from; position < end; ) {
    const read = fs.readSync(fd, buffer, 0, Math.min(chunkBytes, end - position), position);
    const found = buffer.subarray(0, read).findIndex((byte) => byte !== 0);
    if (found !== -1) return position + found;
    if (read === 0) break;
    position += read;
  }
  return from;
}
