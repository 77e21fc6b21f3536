import * as fs from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord } from '@mcp-acp/shared/journal-record';
import { parseRecord } from './parse-record.ts';
import { lastLineEnd, linesForward, openForReading } from './read-lines.ts';
import { type DamagedLine, listStreams } from './read-records.ts';
import { streamFileName } from './record-hash.ts';

export interface FollowOptions {
  /** Ends the iteration. */
  readonly signal: AbortSignal;
  readonly onDamage?: (damage: DamagedLine) => void;
  /** How often streams are looked at; file system events, where they work, are only sooner. */
  readonly pollMs?: number;
}

/** Records held of one look; the rest is read at the next one. */
const maxHeld = 4096;

/**
 * Records as they are written, of all streams of a proxy and of those opened later, from now on. Those found by one look
 * come in the order of their times. Damaged lines are reported and left out.
 */
export async function* followRecords(
  auditDir: string,
  options: FollowOptions,
): AsyncGenerator<JournalRecord> {
  const positions = new Map<string, number>();
  for (const stream of listStreams(auditDir)) positions.set(stream, recordsEnd(auditDir, stream));
  while (!options.signal.aborted) {
    const found = look(auditDir, positions, options);
    yield* found;
    if (found.length === 0 && !options.signal.aborted) await change(auditDir, options);
  }
}

const sizeOf = (auditDir: string, stream: string): number =>
  fs.lstatSync(join(auditDir, streamFileName(stream)), { throwIfNoEntry: false })?.size ?? 0;

/** A record under way when the following begins is still to come. */
function recordsEnd(auditDir: string, stream: string): number {
  try {
    const fd = openForReading(join(auditDir, streamFileName(stream)));
    try {
      return lastLineEnd(fd, fs.fstatSync(fd).size);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return 0;
  }
}

/** Whether nothing has been written at `position` yet but a writer's zeros. */
function isReserved(fd: number, position: number): boolean {
  const byte = Buffer.alloc(1);
  return fs.readSync(fd, byte, 0, 1, position) === 1 && byte[0] === 0;
}

function look(
  auditDir: string,
  positions: Map<string, number>,
  { onDamage }: FollowOptions,
): readonly JournalRecord[] {
  const found: JournalRecord[] = [];
  for (const stream of listStreams(auditDir)) {
    const from = positions.get(stream) ?? 0;
    const size = sizeOf(auditDir, stream);
    // A healer cut a torn tail, or a writer took back what the disk did not take.
    if (size < from) positions.set(stream, size);
    if (size <= from) continue;
    try {
      const fd = openForReading(join(auditDir, streamFileName(stream)));
      try {
        if (isReserved(fd, from)) continue;
        for (const { offset, next, text } of linesForward(fd, from)) {
          const record = text === undefined ? { why: 'it is too long' } : parseRecord(text);
          if ('why' in record) onDamage?.({ stream, offset, why: record.why });
          else found.push(record);
          positions.set(stream, next);
          if (found.length >= maxHeld) break;
        }
      } finally {
        fs.closeSync(fd);
      }
    } catch (error) {
      onDamage?.({ stream, offset: from, why: error instanceof Error ? error.message : String(error) });
      positions.set(stream, size);
    }
  }
  return found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** Waits until the folder changes, the poll interval has passed, or the signal is given. */
function change(auditDir: string, { signal, pollMs = 250 }: FollowOptions): Promise<void> {
  return new Promise((resolve) => {
    let watcher: fs.FSWatcher | undefined;
    const done = (): void => {
      clearTimeout(timer);
      watcher?.close();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, pollMs);
    signal.addEventListener('abort', done);
    try {
      watcher = fs.watch(auditDir, done);
      watcher.on('error', () => undefined);
    } catch {}
  });
}
