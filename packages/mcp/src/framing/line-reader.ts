import type { IncomingMessage } from '../message.ts';
import { createEnvelopeFinder, type EnvelopeFinder, type EnvelopeRemains } from '../strict/recover-id.ts';

/** What a stream of newline-delimited messages turns into (MCP stdio transport). */
export interface LineSink {
  /**
   * One line without its newline. The bytes stay valid after the call. `message` is what the strict check made of it,
   * where that is known already.
   */
  line(line: Buffer, message?: IncomingMessage): void;
  /** A line over the limit has ended. It was not kept; `remains` is what could be read on the way. */
  oversize(size: number, remains: EnvelopeRemains): void;
}

export interface LineReader {
  /** `isReused`: the chunk's memory will hold other bytes after the call, so what is kept of it is copied. */
  push(chunk: Buffer, isReused?: boolean): void;
  /** The stream has ended. What came after the last newline is handed over as a last line. */
  end(): void;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts a byte stream into lines. Empty lines are skipped. A line over `limitBytes` is read to its end without being
 * kept, so it costs at most the limit in memory; nothing else is held back.
 */
export function createLineReader(limitBytes: number, sink: LineSink): LineReader {
  let parts: Buffer[] = [];
  let held = 0;
  let skipping: { finder: EnvelopeFinder; size: number } | undefined;

  const endLine = (last: Buffer): void => {
    if (skipping !== undefined) {
      skipping.finder.push(last);
      const { size, finder } = skipping;
      skipping = undefined;
      sink.oversize(size + last.length, finder.remains());
      return;
    }
    if (held + last.length > limitBytes) {
      startSkipping(last);
      endLine(empty);
      return;
    }
    let line = last;
    if (held > 0) {
      parts.push(last);
      line = Buffer.concat(parts);
      parts = [];
      held = 0;
    }
    if (line.length === 0 || (line.length === 1 && line[0] === carriageReturn)) return;
    sink.line(line);
  };

  /** Small pieces are merged, each byte a logarithmic number of times, so that a line sent byte by byte costs no more memory. */
  const keep = (part: Buffer): void => {
    held += part.length;
    let last = part;
    for (let before = parts.at(-1); before !== undefined; before = parts.at(-1)) {
      if (before.length >= mergeBelowBytes || last.length < before.length) break;
      last = Buffer.concat([before, last]);
      parts.pop();
    }
    parts.push(last);
  };

  const startSkipping = (chunk: Buffer): void => {
    const finder = createEnvelopeFinder();
    for (const part of parts) finder.push(part);
    finder.push(chunk);
    skipping = { finder, size: held + chunk.length };
    parts = [];
    held = 0;
  };

  /** Passes over what is left of a line that is not kept; returns where the next line begins. */
  const skipTo = (read: Buffer): number => {
    const end = read.indexOf(newline);
    if (end === -1) {
      skipping?.finder.push(read);
      if (skipping !== undefined) skipping.size += read.length;
      return read.length;
    }
    endLine(read.subarray(0, end));
    return end + 1;
  };

  return {
    push: (read, isReused = false) => {
      const from = skipping === undefined ? 0 : skipTo(read);
      if (from === read.length) return;
      // What follows is kept, so it must not lie in memory that the next read overwrites.
      const chunk = isReused ? Buffer.from(read.subarray(from)) : read.subarray(from);
      let start = 0;
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
        endLine(chunk.subarray(start, at));
        start = at + 1;
      }
      if (start === chunk.length) return;
      const rest = start === 0 ? chunk : chunk.subarray(start);
      if (held + rest.length > limitBytes) {
        startSkipping(rest);
      } else {
        keep(rest);
      }
    },
    end: () => {
      if (held > 0 || skipping !== undefined) endLine(empty);
    },
  };
}

const mergeBelowBytes = 65_536;
const empty = Buffer.alloc(0);
