import { hash } from 'node:crypto';
import { hashEnd, hashMark, hashTailBytes, maxRecordBytes, noHash } from './record-hash.ts';
import type { ChainPosition } from './torn-tail.ts';

/** How far a stream is read and verified: behind its record `seq`, whose hash is `hash`. */
export interface StreamPosition {
  /** Bytes of the records up to here. */
  readonly offset: number;
  /** 0 where no record has been read. */
  readonly seq: number;
  /** 64 hex digits; of the ledger entry that opened the stream where no record has been read. */
  readonly hash: string;
  /** Whether the last of them ends a stream: session/closed, or what a healer wrote. */
  readonly ended: boolean;
}

/** Where a stream begins that the ledger entry with this hash opened. */
export const streamBeginning = (openingHash: string): StreamPosition => ({
  offset: 0,
  seq: 0,
  hash: openingHash,
  ended: false,
});

/** Follows the chain of one stream's records, on exact bytes. */
export interface ChainCheck {
  /** Bytes of the records checked so far: where the next one begins. */
  readonly offset: number;
  readonly seq: number;
  readonly hash: string;
  readonly ended: boolean;
  position(): StreamPosition;
  /** Where in the chain the next record stands. */
  next(): ChainPosition;
  /** Checks the line in `buffer` from `start` to `end`, its newline included, as the next record; says what is wrong with it. */
  add(buffer: Buffer, start: number, end: number): string | undefined;
}

const newline = 0x0a;

/** The bytes to be hashed, put together; one for all chains, since each hash is made at once. */
let scratch = Buffer.alloc(0);

function scratchFor(hashHead: string, bodyBytes: number): { at: number; buffer: Buffer } {
  const at = hashHead.length + noHash.length + 1;
  if (scratch.length < at + bodyBytes) {
    scratch = Buffer.allocUnsafeSlow(Math.min(2 * (at + bodyBytes), at + maxRecordBytes));
  }
  return { at, buffer: scratch };
}

/** `hashHead` is ASCII, as {@link ../record-hash.ts} makes it. */
export function createChainCheck(
  { hashHead, origin }: Pick<ChainPosition, 'hashHead' | 'origin'>,
  from: StreamPosition,
): ChainCheck {
  const instanceMember = `,"instance":"${origin.instance}",`;
  const proxyMember = `,"proxyId":"${origin.proxyId}",`;
  let { offset, seq, hash: prev, ended } = from;

  const hashOf = (buffer: Buffer, start: number, bodyEnd: number): string => {
    const bytes = bodyEnd - start;
    const { at, buffer: whole } = scratchFor(hashHead, bytes);
    whole.write(hashHead, 0, 'latin1');
    whole.write(prev, hashHead.length, 'latin1');
    whole[at - 1] = newline;
    buffer.copy(whole, at, start, bodyEnd);
    return hash('sha256', whole.subarray(0, at + bytes), 'hex');
  };

  const orderProblem = (line: string): string | undefined => {
    const recovered = line.includes(',"type":"recovered"');
    if (ended && !recovered) return 'a record follows the one that closed this stream';
    const session = line.includes(',"type":"session"');
    const opening = session && line.includes('"event":"opened"');
    if (seq === 0 && !opening && !recovered) return 'the stream does not begin with its opening';
    if (seq > 0 && opening) return 'the stream is opened a second time';
    ended ||= recovered || (session && line.includes('"event":"closed"'));
    return undefined;
  };

  return {
    get offset() {
      return offset;
    },
    get seq() {
      return seq;
    },
    get hash() {
      return prev;
    },
    get ended() {
      return ended;
    },
    position: () => ({ offset, seq, hash: prev, ended }),
    next: () => ({ hashHead, prev, seq: seq + 1, origin }),
    add: (buffer, start, end) => {
      const length = end - start;
      if (length > maxRecordBytes) return 'the line is longer than a record can be';
      if (length <= hashTailBytes) return 'the line is not a record';
      const bodyLength = length - hashTailBytes;
      const line = buffer.toString('latin1', start, end);
      if (!line.startsWith(hashMark, bodyLength) || !line.endsWith(hashEnd)) {
        return 'the line does not end in a hash';
      }
      const computed = hashOf(buffer, start, end - hashTailBytes);
      if (!line.startsWith(computed, bodyLength + hashMark.length)) {
        return 'its hash does not match its bytes and the record before it';
      }
      if (!line.includes(`,"seq":${seq + 1},`)) return `it is not numbered ${seq + 1}`;
      if (!line.includes(`,"prev":"${prev}",`)) return 'it names another record before it';
      if (!line.includes(proxyMember)) return 'it belongs to another proxy';
      if (!line.includes(instanceMember)) return 'it belongs to another instance';
      const why = orderProblem(line);
      if (why !== undefined) return why;
      prev = computed;
      seq++;
      offset += length;
      return undefined;
    },
  };
}
