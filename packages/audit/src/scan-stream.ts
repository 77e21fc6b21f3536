import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import { hashEnd, hashMark, hashTailBytes, maxRecordBytes, noHash } from './record-hash.ts';
import { type ChainPosition, tornTailProblem } from './torn-tail.ts';

const chunkBytes = 1024 * 1024;
const newline = 0x0a;

/** What does not verify, in words, and where its line begins. Lines count from 1, offsets are bytes. */
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
  for (;;) {
    const wanted = Math.min(chunkBytes, fileSize - position);
    const read = wanted === 0 ? 0 : fs.readSync(fd, buffer, kept, wanted, position);
    if (read === 0) break;
    position += read;
    const end = kept + read;
    let start = 0;
    for (
      let lineEnd = buffer.indexOf(newline, kept);
      lineEnd !== -1 && lineEnd < end;
      lineEnd = buffer.indexOf(newline, start)
    ) {
      const why = chain.add(buffer, start, lineEnd + 1);
      if (why !== undefined) return chain.result(0, why);
      start = lineEnd + 1;
    }
    options.onBytes?.(read);
    kept = end - start;
    if (kept > maxRecordBytes) return nullRun(fd, chain, buffer.subarray(start, end), position);
    buffer.copyWithin(0, start, end);
    await breathe();
  }
  const tail = buffer.subarray(0, kept);
  return chain.result(kept, tornTailProblem(tail, chain.position()));
}

type ChainCheck = ReturnType<typeof createChainCheck>;

/** A tail larger than any record can only be NULs behind the beginning of one. */
function nullRun(fd: number, chain: ChainCheck, begun: Uint8Array, from: number): StreamScan {
  const problem = tornTailProblem(begun, chain.position());
  if (problem !== undefined) return chain.result(0, problem);
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  let position = from;
  for (;;) {
    const read = fs.readSync(fd, buffer, 0, chunkBytes, position);
    if (read === 0) return chain.result(begun.length + position - from, undefined);
    if (buffer.subarray(0, read).some((byte) => byte !== 0)) {
      return chain.result(0, 'the last line is longer than a record can be');
    }
    position += read;
  }
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

  return {
    position: (): ChainPosition => ({ hashHead, prev, seq: records + 1, origin }),
    result: (tornBytes: number, why: string | undefined): StreamScan => ({
      records,
      size,
      lastHash: prev,
      ended,
      tornBytes: why === undefined ? tornBytes : 0,
      ...(why === undefined ? {} : { problem: { offset: size, line: records + 1, why } }),
    }),
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
