import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingFile {
  /** Throws Node's error. */
  append(line: string): void;
  close(): void;
}

export interface RotationLimits {
  /** Of one file. */
  readonly bytes: number;
  /** Files in all: `file`, `file.1`, … the oldest last. */
  readonly files: number;
}

/** Appends lines to `file`, which is set aside when it is full, the oldest of its predecessors going with it. */
export function openRotatingFile(file: string, { bytes, files }: RotationLimits): RotatingFile {
  let fd: number | undefined;
  let size = 0;

  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };

  const open = (): number => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const opened = openSync(file, 'a', 0o600);
    size = fstatSync(opened).size;
    return opened;
  };

  const rotate = (): number => {
    close();
    for (let age = files - 1; age > 0; age--) {
      const younger = age === 1 ? file : `${file}.${age - 1}`;
      try {
        renameSync(younger, `${file}.${age}`);
      } catch {
        // There is no file of that age yet, or it stays where it is and is appended to.
      }
    }
    return open();
  };

  return {
    append: (line) => {
      fd ??= open();
      const chunk = Buffer.from(line);
      if (size > 0 && size + chunk.length > bytes) fd = rotate();
      size += writeSync(fd, chunk);
    },
    close,
  };
}
