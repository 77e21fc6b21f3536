import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import { contentEnd } from './read-lines.ts';
import { hashEnd, hashMark, hashTailBytes, maxRecordBytes, noHash } from './record-hash.ts';
import { type ChainPosition, strayProblem, tornTailProblem } from './torn-tail.ts';

const chunkBytes = 1024 * 1024;
const newline = 0x0a;

/** What does not verify, in words, and where its line begins, or the stray byte behind the records. Lines count from 1, offsets are bytes. */
export interface StreamProblem {
  readonly offset: number;
  readonly line: number;
  readonly why: string;
}

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
  const chain = createChainCheck(options, Math.min(fileSize, maxRecordBytes));
  const buffer = Buffer.allocUnsafeSlow(Math.min(fileSize, chunkBytes + maxRecordBytes + 1));
  let kept = 0;
  let position = 0;
  /** What lies before this has been read again, or was in place when it was read. */
  let settledTo = 0;
  for (;;) {
    const wanted = Math.min(chunkBytes, fileSize - position);
    const read = wanted === 0 ? 0 : fs.readSync(fd, buffer, kept, wanted, position);
    if (read === 0) break;
    position += read;
    const end = kept + read;
    const bufferAt = position - end;
    let start = 0;
    for (
      let lineEnd = buffer.indexOf(newline, kept);
      lineEnd !== -1 && lineEnd < end;
      lineEnd = buffer.indexOf(newline, start)
    ) {
      const why = chain.add(buffer, start, lineEnd + 1);
      if (why !== undefined) {
        const line = buffer.subarray(start, lineEnd + 1);
        if (bufferAt + lineEnd < settledTo || !line.includes(0)) return chain.fail(why, line);
        // A writer that overwrites zeros while they are read: all before a byte that was seen is in place by now.
        settledTo = bufferAt + lineEnd + 1;
        fs.readSync(fd, buffer, start, line.length, bufferAt + start);
        continue;
      }
      start = lineEnd + 1;
    }
    options.onBytes?.(read);
    kept = end - start;
    if (kept > maxRecordBytes) break;
    buffer.copyWithin(0, start, end);
    await breathe();
  }
  return scanTail(fd, chain, fileSize);
}

type ChainCheck = ReturnType<typeof createChainCheck>;

/** Judges what lies behind the last newline: the beginning of a record, or nothing, and NULs. */
function scanTail(fd: number, chain: ChainCheck, fileSize: number): StreamScan {
  const from = chain.size();
  const end = Math.max(from, contentEnd(fd, fileSize));
  // Read after its end was found, so that a writer has put in place all that lies before it.
  const tail = Buffer.alloc(Math.min(end - from, maxRecordBytes + 1));
  fs.readSync(fd, tail, 0, tail.length, from);
  let start = 0;
  for (let lineEnd = tail.indexOf(newline); lineEnd !== -1; lineEnd = tail.indexOf(newline, start)) {
    const why = chain.add(tail, start, lineEnd + 1);
    if (why !== undefined) return chain.fail(why, tail.subarray(start, lineEnd + 1));
    start = lineEnd + 1;
  }
  const begun = tail.subarray(start);
  const tooLong = end - from > tail.length ? 'the last line is longer than a record can be' : undefined;
  const why = tornTailProblem(begun, chain.position()) ?? tooLong;
  if (why !== undefined) return chain.fail(why, begun, () => firstStray(fd, from + start, end));
  return chain.result(begun.length, fileSize - end);
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

function createChainCheck({ hashHead, firstPrev, origin }: ScanOptions, longestBytes: number) {
  const headBytes = Buffer.byteLength(hashHead);
  const scratch = Buffer.allocUnsafeSlow(headBytes + noHash.length + 1 + longestBytes);
  scratch.write(hashHead, 0, 'latin1');
  const bodyAt = headBytes + noHash.length + 1;
  scratch[bodyAt - 1] = newline;
  const instanceMember = `,"instance":"${origin.instance}",`;
  const proxyMember = `,"proxyId":"${origin.proxyId}",`;
  let prev = firstPrev;
  let records = 0;
  let size = 0;
  let ended = false;

  const orderProblem = (line: string): string | undefined => {
    const recovered = line.includes(',"type":"recovered"');
    if (ended && !recovered) return 'a record follows the one that closed this stream';
    const session = line.includes(',"type":"session"');
    const opening = session && line.includes('"event":"opened"');
    if (records === 0 && !opening && !recovered) return 'the stream does not begin with its opening';
    if (records > 0 && opening) return 'the stream is opened a second time';
    ended ||= recovered || (session && line.includes('"event":"closed"'));
    return undefined;
  };

  const result = (tornBytes: number, reservedBytes: number): StreamScan => ({
    records,
    size,
    lastHash: prev,
    ended,
    tornBytes,
    reservedBytes,
  });

  return {
    position: (): ChainPosition => ({ hashHead, prev, seq: records + 1, origin }),
    size: (): number => size,
    result,
    /** `bytes`, right behind the records, are no record. Among reserved zeros the first byte that is none is the problem. */
    fail: (why: string, bytes: Uint8Array, strayAt?: () => number): StreamScan => {
      const stray = bytes[0] === 0;
      const offset = stray ? (strayAt?.() ?? size + bytes.findIndex((byte) => byte !== 0)) : size;
      return { ...result(0, 0), problem: { offset, line: records + 1, why: stray ? strayProblem : why } };
    },
    /** Checks the line at `start` up to `end`, its newline included; says what is wrong with it. */
    add: (buffer: Buffer, start: number, end: number): string | undefined => {
      const length = end - start;
      if (length > maxRecordBytes) return 'the line is longer than a record can be';
      if (length <= hashTailBytes) return 'the line is not a record';
      const bodyEnd = end - hashTailBytes;
      const line = buffer.toString('latin1', start, end);
      const bodyLength = length - hashTailBytes;
      if (!line.startsWith(hashMark, bodyLength) || !line.endsWith(hashEnd)) {
        return 'the line does not end in a hash';
      }
      buffer.copy(scratch, bodyAt, start, bodyEnd);
      scratch.write(prev, headBytes, 'latin1');
      const computed = hash('sha256', scratch.subarray(0, bodyAt + bodyLength), 'hex');
      if (!line.startsWith(computed, bodyLength + hashMark.length)) {
        return 'its hash does not match its bytes and the record before it';
      }
      if (!line.includes(`,"seq":${records + 1},`)) return `it is not numbered ${records + 1}`;
      if (!line.includes(`,"prev":"${prev}",`)) return 'it names another record before it';
      if (!line.includes(proxyMember)) return 'it belongs to another proxy';
      if (!line.includes(instanceMember)) return 'it belongs to another instance';
      const why = orderProblem(line);
      if (why !== undefined) return why;
      prev = computed;
      records++;
      size += length;
      return undefined;
    },
  };
}
