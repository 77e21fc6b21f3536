import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { limits } from '@mcp-acp/shared/limits';

export interface StderrLog {
  write(chunk: Buffer): void;
  close(): void;
}

/**
 * What a backend writes on stderr: kept in `file`, which together with its predecessor `file.1` stays within
 * `limits.stderrLogBytes`, and passed on to our own stderr, where clients show it, as long as somebody reads that.
 * A log that cannot be written loses lines, never the backend's life.
 */
export function openStderrLog(file: string, mirror: NodeJS.WriteStream): StderrLog {
  const halfBytes = limits.stderrLogBytes / 2;
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
      if (mirror.writableLength < mirrorBytes) mirror.write(chunk);
    },
    close: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

/** Our stderr may be a pipe that nobody reads; more than this is not kept for it. */
const mirrorBytes = 65_536;
