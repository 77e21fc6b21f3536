import * as fs from 'node:fs';
import { maxRecordBytes } from './record-hash.ts';

/** A complete line without its newline, and where it begins. `text` is absent where the line is too long to be a record. */
export interface Line {
  readonly offset: number;
  /** Where the line after it begins. */
  readonly next: number;
  readonly text?: string;
}

const chunkBytes = 64 * 1024;
const newline = 0x0a;

export function openForReading(path: string): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fs.fstatSync(fd).isFile()) return fd;
  fs.closeSync(fd);
  throw new Error('it is not a plain file');
}

/**
 * A writer overwrites reserved zeros from the front while they are read, so that one read may show old zeros before new
 * bytes. What lies before a byte that was seen is in place by then: such a line is read once more, and may be several.
 */
function* settled(fd: number, line: Line, backward = false): Generator<Line> {
  const { offset, next, text } = line;
  const doubtful = text === undefined ? next - offset <= 2 * maxRecordBytes : text.includes('\0');
  if (!doubtful) {
    yield line;
    return;
  }
  const bytes = Buffer.alloc(next - offset);
  fs.readSync(fd, bytes, 0, bytes.length, offset);
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found === -1 ? bytes.length - 1 : found;
    const place = { offset: offset + start, next: offset + end + 1 };
    lines.push(end - start > maxRecordBytes ? place : { ...place, text: bytes.toString('utf8', start, end) });
    start = end + 1;
  }
  yield* backward ? lines.reverse() : lines;
}

/** Position behind the last newline before `end`, or 0. */
export function lastLineEnd(fd: number, end: number): number {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let position = end; position > 0; ) {
    const length = Math.min(chunkBytes, position);
    position -= length;
    const read = fs.readSync(fd, buffer, 0, length, position);
    const found = buffer.subarray(0, read).lastIndexOf(newline);
    if (found !== -1) return position + found + 1;
  }
  return 0;
}

/** Position behind the last byte before `end` that is not NUL, or 0: what lies between is, or was, reserved. */
export function contentEnd(fd: number, end: number): number {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let position = end; position > 0; ) {
    const length = Math.min(chunkBytes, position);
    position -= length;
    let last = fs.readSync(fd, buffer, 0, length, position);
    while (last > 0 && buffer[last - 1] === 0) last--;
    if (last > 0) return position + last;
  }
  return 0;
}

/** Complete lines from `position` on, oldest first; what follows the last newline is left. Memory: one line and a chunk. */
export function* linesForward(fd: number, position: number, maxBytes = maxRecordBytes): Generator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let offset = position;
  for (let at = position; ; ) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const read = fs.readSync(fd, chunk, 0, chunkBytes, at);
    if (read === 0) return;
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1 && end < read; end = chunk.indexOf(newline, start)) {
      length += end - start;
      parts.push(chunk.subarray(start, end));
      const next = at + end + 1;
      const line =
        length > maxBytes ? { offset, next } : { offset, next, text: Buffer.concat(parts).toString('utf8') };
      yield* settled(fd, line);
      offset = next;
      start = end + 1;
      parts = [];
      length = 0;
    }
    length += read - start;
    if (length <= maxBytes) parts.push(chunk.subarray(start, read));
    else parts = [];
    at += read;
  }
}

/** Complete lines before `end`, newest first; what follows the last newline is left. Memory: one line and a chunk. */
export function* linesBackward(fd: number, end: number): Generator<Line> {
  /** What is read of the line whose beginning has not been found yet, in order; undefined before the last newline. */
  let parts: Buffer[] | undefined;
  let length = 0;
  let next = end;
  const line = (offset: number): Line => {
    const place = { offset, next };
    next = offset;
    return length > maxRecordBytes ? place : { ...place, text: Buffer.concat(parts ?? []).toString('utf8') };
  };
  for (let position = end; position > 0; ) {
    const size = Math.min(chunkBytes, position);
    position -= size;
    const chunk = Buffer.allocUnsafe(size);
    fs.readSync(fd, chunk, 0, size, position);
    let stop = size;
    for (
      let found = chunk.lastIndexOf(newline);
      found !== -1;
      found = stop === 0 ? -1 : chunk.lastIndexOf(newline, stop - 1)
    ) {
      if (parts !== undefined) {
        length += stop - found - 1;
        parts.unshift(chunk.subarray(found + 1, stop));
        yield* settled(fd, line(position + found + 1), true);
      } else next = position + found + 1;
      parts = [];
      length = 0;
      stop = found;
    }
    if (parts !== undefined) {
      length += stop;
      if (length <= maxRecordBytes) parts.unshift(chunk.subarray(0, stop));
      else parts = [];
    }
  }
  if (parts !== undefined) yield* settled(fd, line(0), true);
}
