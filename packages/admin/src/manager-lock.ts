import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { livenessOf, ownProcess, type ProcessIdentity } from '@mcp-acp/audit/process-identity';
import { atomicCreate, atomicWrite } from '@mcp-acp/config/atomic-write';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';

/**
 * A lock among processes, of numbered files `<base>.<n>`: Node has no lock of the kernel's that works everywhere. Each
 * file says which process made it; the highest number whose process lives holds the lock. It is succeeded by linking
 * n + 1, which of several only one can.
 */
export interface HeldLock {
  readonly number: number;
  /** Lets go of it, once; `note` stays for those who waited. The end of the process does the same without one. */
  release(note?: JsonObject): void;
}

export interface LockHolder {
  readonly number: number;
  readonly pid: number;
}

export type LockAttempt =
  | { readonly kind: 'held'; readonly lock: HeldLock }
  | { readonly kind: 'taken'; readonly by: LockHolder };

export interface LockPlace {
  /** Path without the number; its folder exists and is the user's alone. */
  readonly base: string;
  /** Whether a holder in another pid namespace, which cannot be looked at, still holds it after so long. */
  readonly unseenHolds: (ageMs: number) => Promise<boolean>;
}

interface LockFile {
  readonly number: number;
  readonly ageMs: number;
  readonly process?: ProcessIdentity;
  readonly released: boolean;
  readonly note?: JsonObject;
}

/** Every further look means that somebody else has got on; nobody is overtaken so often. */
const mostLooks = 1_000;
/** A temporary file of a writer who died. Milliseconds. */
const leftoverMs = 60_000;

/** Takes the lock, or says who has it. Never waits for it. Throws AcpError('internal') where files behave unlike files. */
export async function takeLock(place: LockPlace): Promise<LockAttempt> {
  for (let look = 0; look < mostLooks; look++) {
    const highest = numbers(place.base).at(-1);
    const found = highest === undefined ? undefined : readLock(place.base, highest);
    if (highest !== undefined && found === undefined) continue;
    if (found !== undefined && (await holds(found, place))) {
      return { kind: 'taken', by: { number: found.number, pid: found.process?.pid ?? 0 } };
    }
    const number = (highest ?? 0) + 1;
    if (!atomicCreate(fileOf(place.base, number), JSON.stringify(ownProcess()))) continue;
    // Whoever looked before a successor came and went would make a number anew that is history.
    if (numbers(place.base).at(-1) !== number) {
      rmSync(fileOf(place.base, number), { force: true });
      continue;
    }
    removeOlder(place.base, number);
    return { kind: 'held', lock: heldLock(place.base, number) };
  }
  throw new AcpError('internal', `The lock ${place.base} cannot be taken.`);
}

/** Who holds the lock now. */
export async function lockHolder(place: LockPlace): Promise<LockHolder | undefined> {
  const number = numbers(place.base).at(-1);
  const found = number === undefined ? undefined : readLock(place.base, number);
  if (found?.process === undefined || !(await holds(found, place))) return undefined;
  return { number: found.number, pid: found.process.pid };
}

/** The process that has, or had, that number. */
export const lockProcess = (base: string, number: number): ProcessIdentity | undefined =>
  readLock(base, number)?.process;

/** What the holder of that number left when it let go. */
export const noteOf = (base: string, number: number): JsonObject | undefined => readLock(base, number)?.note;

/** The file stays: were the highest number ever free again, two could link it one after the other, each the highest. */
function heldLock(base: string, number: number): HeldLock {
  let isHeld = true;
  return {
    number,
    release: (note) => {
      if (!isHeld) return;
      isHeld = false;
      const left = { ...ownProcess(), released: true, ...(note === undefined ? {} : { note }) };
      try {
        atomicWrite(fileOf(base, number), JSON.stringify(left));
      } catch {
        // A folder that is full or gone: the end of this process lets go as well.
      }
    },
  };
}

const fileOf = (base: string, number: number): string => `${base}.${number}`;

function numbers(base: string): readonly number[] {
  const start = `${basename(base)}.`;
  return readdirSync(dirname(base))
    .filter((name) => name.startsWith(start) && /^[1-9][0-9]{0,14}$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((a, b) => a - b);
}

/** Undefined where it is gone, since somebody has succeeded its holder. */
function readLock(base: string, number: number): LockFile | undefined {
  const file = fileOf(base, number);
  try {
    const ageMs = Date.now() - statSync(file).mtimeMs;
    const { process, released, note } = parsed(readFileSync(file, 'utf8'));
    return {
      number,
      ageMs,
      released,
      ...(process === undefined ? {} : { process }),
      ...(note === undefined ? {} : { note }),
    };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What cannot be read was not written by us, who give a file its name when it is whole: it holds nothing. */
function parsed(text: string): Pick<LockFile, 'process' | 'released' | 'note'> {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return { released: true };
  }
  if (!isJsonObject(value)) return { released: true };
  const { note } = value;
  const process = processIn(value);
  return {
    released: value.released === true || process === undefined,
    ...(process === undefined ? {} : { process }),
    ...(note !== undefined && isJsonObject(note) ? { note } : {}),
  };
}

/** The process a lock or pid file names, or undefined where it names none. */
export function processIn({ pid, started, boot, space }: JsonObject): ProcessIdentity | undefined {
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (typeof started !== 'string') return undefined;
  return {
    pid,
    started,
    ...(typeof boot === 'string' ? { boot } : {}),
    ...(typeof space === 'string' ? { space } : {}),
  };
}

async function holds({ process, released, ageMs }: LockFile, { unseenHolds }: LockPlace): Promise<boolean> {
  if (released || process === undefined) return false;
  const liveness = livenessOf(process);
  return liveness === 'unknown' ? unseenHolds(ageMs) : liveness === 'alive';
}

function removeOlder(base: string, number: number): void {
  for (const older of numbers(base)) if (older < number) rmSync(fileOf(base, older), { force: true });
  const start = `.${basename(base)}.`;
  for (const name of readdirSync(dirname(base))) {
    const file = join(dirname(base), name);
    if (name.startsWith(start) && name.endsWith('.tmp') && isOld(file)) rmSync(file, { force: true });
  }
}

function isOld(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > leftoverMs;
  } catch {
    return false;
  }
}
