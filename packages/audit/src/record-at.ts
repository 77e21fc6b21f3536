import * as fs from 'node:fs';
import { chainHash, hashEnd, hashMark, hashTailBytes, maxRecordBytes } from './record-hash.ts';

/** A record that was read and verified before. */
export interface KnownRecord {
  readonly offset: number;
  /** Bytes, the newline included. */
  readonly length: number;
  /** 64 hex digits. */
  readonly hash: string;
}

/**
 * The line of a known record without its newline, where it is still in its place and the same; undefined where it is not.
 * Its hash stands for all that came before it. Throws system errors of reading.
 */
export function recordAt(fd: number, hashHead: string, known: KnownRecord): string | undefined {
  const { offset, length, hash } = known;
  if (length <= hashTailBytes || length > maxRecordBytes) return undefined;
  const bytes = Buffer.alloc(length);
  if (fs.readSync(fd, bytes, 0, length, offset) < length) return undefined;
  const line = bytes.toString('utf8');
  const body = line.slice(0, -hashTailBytes);
  if (!line.endsWith(`${hashMark}${hash}${hashEnd}`)) return undefined;
  return chainHash(hashHead, previousOf(body), body) === hash ? line.slice(0, -1) : undefined;
}

function previousOf(body: string): string {
  try {
    return String((JSON.parse(`${body}}`) as { prev?: unknown }).prev);
  } catch {
    return '';
  }
}
