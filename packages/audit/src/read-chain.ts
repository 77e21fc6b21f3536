import * as fs from 'node:fs';
import type { ChainCheck } from './chain-check.ts';
import { maxRecordBytes } from './record-hash.ts';
import { strayProblem } from './torn-tail.ts';

const newline = 0x0a;

/** A line of this many bytes is no record, so a buffer this large always tells. */
export const chainBufferBytes = maxRecordBytes + 1;

/** What does not verify, in words, and where its line begins, or the stray byte behind the records. Lines count from 1, offsets are bytes. */
export interface StreamProblem {
  readonly offset: number;
  readonly line: number;
  readonly why: string;
}

/** `bytes`, right behind the records, are no record. Among reserved zeros the first byte that is none is the problem. */
export function problemBehind(
  chain: ChainCheck,
  why: string,
  found: { readonly bytes: Uint8Array; readonly strayAt?: () => number },
): StreamProblem {
  const { bytes, strayAt } = found;
  const line = chain.seq + 1;
  if (bytes[0] !== 0) return { offset: chain.offset, line, why };
  const offset = strayAt?.() ?? chain.offset + bytes.findIndex((byte) => byte !== 0);
  return { offset, line, why: strayProblem };
}

/**
 * How one reading ended. `more`: complete records may follow; `end`: what was read of what follows, `rest`, is no complete
 * line; `bad`: the line that follows is no record of this stream.
 */
export type ChunkEnd =
  | { readonly state: 'more' }
  | { readonly state: 'end'; readonly rest: Buffer }
  | { readonly state: 'bad'; readonly problem: StreamProblem };

export interface ChunkOptions {
  /** Of {@link chainBufferBytes}, or as large as what is to be read; used again for the next reading. */
  readonly buffer: Buffer;
  /** Nothing is read from this position on. */
  readonly until: number;
  /** As much is read at once, or one record where it is larger. Bytes. */
  readonly bytes?: number;
  /** A record that verifies: `bytes` is its line with the newline, valid only now. The chain stands behind it. */
  readonly onRecord?: (bytes: Buffer) => void;
}

/** Reads once behind the chain's end and checks every complete line. Throws system errors of reading. */
export function readChunk(fd: number, chain: ChainCheck, options: ChunkOptions): ChunkEnd {
  const { buffer, until } = options;
  const from = chain.offset;
  const most = Math.min(buffer.length, until - from);
  let wanted = Math.min(most, options.bytes ?? most);
  for (;;) {
    const read = wanted <= 0 ? 0 : fs.readSync(fd, buffer, 0, wanted, from);
    const end = checkLines(fd, chain, { ...options, from, buffer: buffer.subarray(0, read) });
    if (end.state !== 'end' || chain.offset > from || read < wanted || wanted === most) {
      const further = end.state === 'end' && chain.offset > from && read === wanted && from + read < until;
      return further && end.rest[0] !== 0 ? { state: 'more' } : end;
    }
    // Not one complete line: a record longer than what was asked for, or reserved zeros.
    if (buffer[0] === 0) return end;
    wanted = most;
  }
}

function checkLines(
  fd: number,
  chain: ChainCheck,
  { buffer, from, onRecord }: ChunkOptions & { readonly from: number },
): ChunkEnd {
  let start = 0;
  /** What lies before this has been read again, or was in place when it was read. */
  let settledTo = 0;
  for (let at = buffer.indexOf(newline); at !== -1; at = buffer.indexOf(newline, start)) {
    const why = chain.add(buffer, start, at + 1);
    if (why === undefined) {
      onRecord?.(buffer.subarray(start, at + 1));
      start = at + 1;
      continue;
    }
    const line = buffer.subarray(start, at + 1);
    if (at < settledTo || !line.includes(0)) {
      return { state: 'bad', problem: problemBehind(chain, why, { bytes: line }) };
    }
    // A writer that overwrites zeros while they are read: all before a byte that was seen is in place by now.
    settledTo = at + 1;
    fs.readSync(fd, line, 0, line.length, from + start);
  }
  return { state: 'end', rest: buffer.subarray(start) };
}
