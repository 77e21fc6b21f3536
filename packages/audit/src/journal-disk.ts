import * as fs from 'node:fs';

/**
 * Every change the journal makes on disk, as a port, so that a test can fail any one of them or cut the power after it.
 * All throw Node's system errors. Positions and sizes are bytes. Reading needs no port.
 */
export interface JournalDisk {
  /** Creates a file for reading and writing, mode 0600; fails where anything of that name exists. */
  create(path: string): number;
  /** Opens an existing regular file for reading and writing, never through a symbolic link. */
  open(path: string): number;
  /** Writes once at `position`; returns how many bytes were taken. */
  write(fd: number, bytes: Uint8Array, position: number): number;
  /** Makes a file's bytes durable, on this thread. */
  syncInline(fd: number): void;
  /** Makes a file's bytes durable, on another thread. */
  sync(fd: number, done: (error: unknown) => void): void;
  truncate(fd: number, size: number): void;
  close(fd: number): void;
  makeDirectory(path: string): void;
  link(from: string, to: string): void;
  unlink(path: string): void;
  /** Makes the names in a directory durable. */
  syncDirectory(path: string): void;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR } = fs.constants;

export const nodeDisk: JournalDisk = {
  create: (path) => fs.openSync(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, 0o600),
  open: (path) => fs.openSync(path, O_RDWR | O_NOFOLLOW),
  write: (fd, bytes, position) => fs.writeSync(fd, bytes, 0, bytes.length, position),
  syncInline: (fd) => fs.fdatasyncSync(fd),
  sync: (fd, done) => fs.fdatasync(fd, done),
  truncate: (fd, size) => fs.ftruncateSync(fd, size),
  close: (fd) => fs.closeSync(fd),
  makeDirectory: (path) => {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 });
  },
  link: (from, to) => fs.linkSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  syncDirectory: (path) => {
    const fd = fs.openSync(path, O_RDONLY);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
};

/** Writes all of `bytes` or throws; a disk that takes only a part is full or failing. */
export function writeFully(disk: JournalDisk, fd: number, at: { bytes: Uint8Array; position: number }): void {
  const taken = disk.write(fd, at.bytes, at.position);
  if (taken !== at.bytes.length) {
    throw Object.assign(new Error(`The disk took ${taken} of ${at.bytes.length} bytes.`), { code: 'EIO' });
  }
}
