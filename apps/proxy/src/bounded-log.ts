import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface BoundedLog {
  /** A log that cannot be written loses lines, never the life of what it tells of. */
  write(chunk: Buffer): void;
  close(): void;
}

/** Appends to `file`, which together with its predecessor `file.1` stays within `maxBytes`. */
export function openBoundedLog(file: string, maxBytes: number): BoundedLog {
  const halfBytes = maxBytes / 2;
  let fd: number | undefined;
  let size = 0;

  const open = (): number => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const opened = openSync(file, 'a', 0o600);
    size = fstatSync(opened).size;
    return opened;
  };

  const keep = (chunk: Buffer): void => {
    fd ??= open();
    if (size + chunk.length > halfBytes && size > 0) {
      closeSync(fd);
      fd = undefined;
      renameSync(file, `${file}.1`);
      fd = open();
    }
    size += writeSync(fd, chunk.length > halfBytes ? chunk.subarray(-halfBytes) : chunk);
  };

  return {
    write: (chunk) => {
      try {
        keep(chunk);
      } catch {
        // The log is a courtesy; the journal is the record.
      }
    },
    close: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}
