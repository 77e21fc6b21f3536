import { type JournalDisk, writeFully } from './journal-disk.ts';
import { createUnsyncedRegion } from './unsynced-region.ts';

/**
 * One stream's file, written at explicit positions. A write that fails leaves bytes behind the last good one, which are
 * cut before the next write; a sync that fails may have dropped pages, which are written again before the next sync.
 *
 * Space may be reserved ahead of the records: zeros, really written, which records then overwrite, so that their sync
 * carries data and no new size. Writes and reservations both happen on this thread, one after the other, and a
 * reservation begins at or behind the end of the records, so it never meets a record.
 */
export interface StreamFile {
  /** Bytes of complete records. */
  readonly size: number;
  /** Bytes written but not known durable; 0 where they are not kept. */
  readonly unsyncedBytes: number;
  /** Whether a failed sync has left a region that must be written again. */
  readonly suspect: boolean;
  /** Zeros behind the records that are known to be in the file. */
  readonly reservedBytes: number;
  /** Appends text, all of it or, when it throws, nothing. */
  append(text: string): void;
  /** Cuts what a failed write left. Throws where the disk refuses. */
  cutBack(): void;
  /** Writes one more step of zeros behind the records and what is reserved. False where the disk does not take all of it. */
  reserve(): boolean;
  /** Gives back what is reserved: the file ends with its records. Throws where the disk refuses. */
  trim(): void;
  /** Writes again what a failed sync may have dropped. Throws where the disk refuses. */
  restore(): void;
  syncInline(): void;
  sync(done: (error: unknown) => void): void;
  syncedTo(position: number): void;
  syncFailed(): void;
  close(): void;
}

const initialBufferBytes = 64 * 1024;
const largestBufferBytes = 4 * 1024 * 1024;

/** One step of a reservation, which ends on a page. */
export const reserveStepBytes = 256 * 1024;
const pageBytes = 4096;
/** Shared by all streams, made when first needed. */
let zeros: Uint8Array | undefined;

export function createStreamFile(fd: number, disk: JournalDisk, keepUnsynced: boolean): StreamFile {
  const region = createUnsyncedRegion(0);
  let size = 0;
  let oversized = false;
  let suspect = false;
  let reservedEnd = 0;
  /** Whether the file may be longer than its records, by zeros. */
  let padded = false;
  let buffer = Buffer.allocUnsafeSlow(initialBufferBytes);

  /** UTF-8 of a text, in a buffer that is used again for the next one. */
  const asBytes = (text: string): Uint8Array => {
    if (text.length * 3 > buffer.length) {
      if (text.length * 3 > largestBufferBytes) return Buffer.from(text, 'utf8');
      buffer = Buffer.allocUnsafeSlow(text.length * 3);
    }
    return buffer.subarray(0, buffer.write(text, 0, 'utf8'));
  };

  const cutBack = (): void => {
    if (!oversized) return;
    disk.truncate(fd, size);
    oversized = false;
    padded = false;
    reservedEnd = size;
  };

  const restore = (): void => {
    if (!suspect) return;
    if (region.bytes > 0) writeFully(disk, fd, region.content());
    suspect = false;
  };

  return {
    get size() {
      return size;
    },
    get unsyncedBytes() {
      return region.bytes;
    },
    get suspect() {
      return suspect;
    },
    get reservedBytes() {
      return Math.max(0, reservedEnd - size);
    },
    append: (text) => {
      const bytes = asBytes(text);
      cutBack();
      restore();
      oversized = true;
      try {
        writeFully(disk, fd, { bytes, position: size });
      } catch (error) {
        try {
          cutBack();
        } catch {}
        throw error;
      }
      oversized = false;
      size += bytes.length;
      if (keepUnsynced) region.add(text, size);
    },
    cutBack,
    reserve: () => {
      if (oversized || suspect) return false;
      const position = Math.max(reservedEnd, size);
      zeros ??= new Uint8Array(reserveStepBytes);
      const bytes = zeros.subarray(position % pageBytes);
      padded = true;
      try {
        const taken = disk.write(fd, bytes, position);
        reservedEnd = position + taken;
        return taken === bytes.length;
      } catch {
        return false;
      }
    },
    trim: () => {
      if (!padded) return;
      disk.truncate(fd, size);
      padded = false;
      reservedEnd = size;
    },
    restore,
    syncInline: () => disk.syncInline(fd),
    sync: (done) => disk.sync(fd, done),
    syncedTo: (position) => region.syncedTo(position),
    syncFailed: () => {
      suspect = true;
    },
    close: () => {
      try {
        disk.close(fd);
      } catch {}
    },
  };
}
