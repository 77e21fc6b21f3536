import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { type JournalDisk, nodeDisk } from '../src/journal-disk.ts';

/** What a power failure leaves of a file: what was synced, and any beginning of what was not. */
interface Shadow {
  image: Buffer;
  dirty: { start: number; end: number }[];
  readonly paths: Set<string>;
  lostPages: boolean;
}

export type Fault = 'ENOSPC' | 'EIO' | 'short' | 'crash-before' | 'crash-after';

export interface FaultPlan {
  /** The operation that fails, from 1; none where 0. */
  readonly at: number;
  /** How many in a row. */
  readonly times?: number;
  readonly fault: Fault;
}

export interface FaultyDisk extends JournalDisk {
  readonly operations: readonly string[];
  readonly crashed: boolean;
  /** How many times zeros were written. */
  readonly reservations: number;
  plan: FaultPlan;
  /** Cuts the power: afterwards the real files are what a disk might hold. `random` gives numbers in [0, 1). */
  cutPower(random: () => number): void;
}

export class PowerFailure extends Error {}

/** The real disk, except that chosen operations fail, and that it knows what would survive a power failure. */
export function faultyDisk(plan: FaultPlan = { at: 0, fault: 'EIO' }): FaultyDisk {
  const operations: string[] = [];
  const shadows = new Map<number, Shadow>();
  const byFd = new Map<number, number>();
  const durableNames = new Set<string>();
  const names = new Map<string, number>();
  let crashed = false;
  let reservations = 0;

  const disk = { plan };
  const shadowOf = (fd: number): Shadow => {
    const shadow = shadows.get(byFd.get(fd) ?? -1);
    if (shadow === undefined) throw new Error('not a file of this disk');
    return shadow;
  };

  const faultOf = (name: string): Fault | undefined => {
    if (crashed) throw new PowerFailure('the power is off');
    operations.push(name);
    const { at, times = 1, fault } = disk.plan;
    const now = operations.length;
    return at > 0 && now >= at && now < at + times ? fault : undefined;
  };

  const systemError = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code });

  const run = <Result>(name: string, act: () => Result): Result => {
    const fault = faultOf(name);
    if (fault === undefined) return act();
    if (fault === 'crash-before' || fault === 'crash-after') {
      if (fault === 'crash-after') act();
      crashed = true;
      throw new PowerFailure(`the power went off ${fault} ${name}`);
    }
    throw systemError(fault === 'short' ? 'EIO' : fault);
  };

  const track = (fd: number, path: string, fresh: boolean): number => {
    const ino = fs.fstatSync(fd).ino;
    byFd.set(fd, ino);
    names.set(path, ino);
    if (!fresh) durableNames.add(path);
    if (fresh || !shadows.has(ino)) {
      shadows.set(ino, {
        image: fresh ? Buffer.alloc(0) : fs.readFileSync(path),
        dirty: [],
        paths: new Set([path]),
        lostPages: false,
      });
    }
    return fd;
  };

  const persist = (fd: number): void => {
    const shadow = shadowOf(fd);
    const size = fs.fstatSync(fd).size;
    const image = Buffer.alloc(size);
    shadow.image.copy(image, 0, 0, size);
    for (const { start, end } of shadow.dirty) {
      if (start < size) fs.readSync(fd, image, start, Math.min(end, size) - start, start);
    }
    shadow.image = image;
    shadow.dirty = [];
  };

  /** A failed sync may mark pages clean that never reached the disk. */
  const trySync = (fd: number): void => {
    try {
      run('sync', () => persist(fd));
    } catch (error) {
      if (!crashed) shadowOf(fd).dirty = [];
      throw error;
    }
  };

  return {
    get operations() {
      return operations;
    },
    get crashed() {
      return crashed;
    },
    get reservations() {
      return reservations;
    },
    get plan() {
      return disk.plan;
    },
    set plan(next) {
      disk.plan = next;
    },
    create: (path) => run('create', () => track(nodeDisk.create(path), path, true)),
    open: (path) => run('open', () => track(nodeDisk.open(path), path, false)),
    write: (fd, bytes, position) => {
      const note = (length: number): number => {
        shadowOf(fd).dirty.push({ start: position, end: position + length });
        return length;
      };
      const partial = (): number => {
        const half = bytes.subarray(0, bytes.length >> 1);
        return note(half.length === 0 ? 0 : nodeDisk.write(fd, half, position));
      };
      const fault = faultOf('write');
      if (bytes[0] === 0) reservations++;
      if (fault === undefined) return note(nodeDisk.write(fd, bytes, position));
      if (fault === 'short') return partial();
      if (fault === 'ENOSPC' || fault === 'EIO') {
        partial();
        throw systemError(fault);
      }
      if (fault === 'crash-after') note(nodeDisk.write(fd, bytes, position));
      else partial();
      crashed = true;
      throw new PowerFailure(`the power went off ${fault} write`);
    },
    syncInline: trySync,
    sync: (fd, done) => {
      setImmediate(() => {
        try {
          trySync(fd);
          done(null);
        } catch (error) {
          done(error);
        }
      });
    },
    truncate: (fd, size) => run('truncate', () => nodeDisk.truncate(fd, size)),
    close: (fd) => {
      byFd.delete(fd);
      nodeDisk.close(fd);
    },
    makeDirectory: (path) => run('makeDirectory', () => nodeDisk.makeDirectory(path)),
    link: (from, to) =>
      run('link', () => {
        nodeDisk.link(from, to);
        names.set(to, names.get(from) ?? -1);
      }),
    unlink: (path) => run('unlink', () => nodeDisk.unlink(path)),
    syncDirectory: (path) =>
      run('syncDirectory', () => {
        for (const name of names.keys()) if (dirname(name) === path) durableNames.add(name);
      }),
    cutPower: (random) => {
      crashed = true;
      for (const [path, ino] of names) {
        if (!fs.existsSync(path)) continue;
        if (!durableNames.has(path) && random() < 0.5) {
          fs.unlinkSync(path);
          continue;
        }
        const shadow = shadows.get(ino);
        if (shadow !== undefined) fs.writeFileSync(path, survivor(shadow, fs.readFileSync(path), random));
      }
    },
  };
}

/**
 * Records overwrite what is reserved, so that what was not synced lies within the file: any beginning of it may have
 * reached the disk. A size that was not synced is the old one, the new one, or between.
 */
function survivor({ image, dirty }: Shadow, current: Buffer, random: () => number): Buffer {
  const pick = (count: number): number => Math.floor(random() * count);
  const chance = random();
  if (chance < 0.3) return image;
  if (dirty.length === 0) return chance < 0.6 || current.length >= image.length ? image : current;
  const writes = dirty.toSorted((a, b) => a.start - b.start);
  const last = writes[pick(writes.length)] as { start: number; end: number };
  const keep = Math.min(current.length, last.start + pick(last.end - last.start + 1));
  const whole = chance < 0.6 ? Math.max(current.length, image.length) : Math.max(keep, image.length);
  const cut = current.length < image.length && chance < 0.8;
  const content = Buffer.alloc(cut ? current.length : whole);
  image.copy(content);
  for (const { start, end } of writes) {
    if (start < keep) current.copy(content, start, start, Math.min(end, keep, current.length));
  }
  return content;
}
