import * as fs from 'node:fs';
import { createChainCheck, type StreamPosition } from './chain-check.ts';
import {
  type ChunkEnd,
  chainBufferBytes,
  problemBehind,
  readChunk,
  type StreamProblem,
} from './read-chain.ts';
import { type ChainPosition, tornTailProblem } from './torn-tail.ts';

/** A record that verified, as the text of its line without the newline, and where that lies in the file. */
export interface VerifiedRecord {
  readonly seq: number;
  readonly offset: number;
  /** Bytes, the newline included. */
  readonly length: number;
  /** 64 hex digits. */
  readonly hash: string;
  readonly text: string;
}

/**
 * What follows the records read. `more`: further records may be read at once. `waiting`: nothing yet, or the beginning of
 * one. `shorter`: the file ends before the position that was read from. `broken`: something that is no record of this
 * stream. The last two also show, for a moment, where a writer takes back what its disk did not take, and for good where
 * a power failure took what had been seen: see `record-at.ts`.
 */
export type TailEnd =
  | { readonly state: 'more' | 'waiting' | 'shorter' }
  | { readonly state: 'broken'; readonly problem: StreamProblem };

export interface VerifiedBatch {
  readonly records: readonly VerifiedRecord[];
  /** Behind the last of them. */
  readonly position: StreamPosition;
  readonly end: TailEnd;
  /** Of the whole file, reserved zeros included. */
  readonly fileBytes: number;
}

export interface TailReader {
  /**
   * Reads once from a position on, about `bytes` of records or at least one, and verifies them against the chain on their
   * exact bytes. Throws system errors of reading.
   */
  read(fd: number, stream: TailStream, bytes: number): VerifiedBatch;
}

export interface TailStream extends Pick<ChainPosition, 'hashHead' | 'origin'> {
  readonly from: StreamPosition;
}

/** A reader of any number of streams, one after the other, which takes about 1 MiB of memory. */
export function createTailReader(): TailReader {
  const buffer = Buffer.allocUnsafeSlow(chainBufferBytes);
  return {
    read: (fd, stream, bytes) => {
      const { from } = stream;
      const fileBytes = fs.fstatSync(fd).size;
      if (fileBytes < from.offset) {
        return { records: [], position: from, end: { state: 'shorter' }, fileBytes };
      }
      const chain = createChainCheck(stream, from);
      const records: VerifiedRecord[] = [];
      const chunk = readChunk(fd, chain, {
        buffer,
        until: fileBytes,
        bytes,
        onRecord: (line) => {
          const { seq, hash, offset } = chain;
          const text = line.toString('utf8', 0, line.length - 1);
          records.push({ seq, offset: offset - line.length, length: line.length, hash, text });
        },
      });
      return { records, position: chain.position(), end: judge(chunk, chain), fileBytes };
    },
  };
}

function judge(chunk: ChunkEnd, chain: ReturnType<typeof createChainCheck>): TailEnd {
  if (chunk.state === 'more') return { state: 'more' };
  if (chunk.state === 'bad') return { state: 'broken', problem: chunk.problem };
  const { rest } = chunk;
  // Zeros are space a writer has reserved. Whether something lies behind them, verifying the whole journal tells.
  if (rest.length === 0 || rest[0] === 0) return { state: 'waiting' };
  const why = tornTailProblem(rest, chain.next());
  if (why === undefined) return { state: 'waiting' };
  return { state: 'broken', problem: problemBehind(chain, why, { bytes: rest }) };
}
