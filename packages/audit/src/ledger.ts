import { hash as sha256 } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { ProxyId } from '@mcp-acp/shared/ids';
import { type JournalDisk, writeFully } from './journal-disk.ts';
import { encodeLedgerEntry, type LedgerBody, type LedgerEntry, parseLedgerEntry } from './ledger-entry.ts';
import { noHash } from './record-hash.ts';

export const ledgerFolder = (auditDir: string): string => join(auditDir, 'ledger');
export const entryFileName = (number: number): string => `${String(number).padStart(8, '0')}.json`;
const headFileName = 'head';
/** Files of writers that died between writing an entry and giving it its number. */
export const temporaryPrefix = '.tmp-';

/** A ledger entry is small; a file this large is none. Bytes. */
const maxEntryBytes = 4 * 1024 * 1024;
/** As many starters would have to win against us, one after another. */
const maxAttempts = 1000;

const pathOf = (auditDir: string, number: number): string =>
  join(ledgerFolder(auditDir), entryFileName(number));
const exists = (auditDir: string, number: number): boolean =>
  fs.lstatSync(pathOf(auditDir, number), { throwIfNoEntry: false }) !== undefined;

/** The last 16 digits tell a line that a crash left half written, which says nothing, from a whole one. */
function headLine(number: number, hash: string): string {
  const text = `${String(number).padStart(8, '0')} ${hash}`;
  return `${text} ${sha256('sha256', text, 'hex').slice(0, 16)}\n`;
}

/** The number and hash that `ledger/head` holds, or undefined where it holds none (never written, or lost with the power). */
export function readHeadHint(auditDir: string): { number: number; hash: string } | undefined {
  let text: string;
  try {
    text = fs.readFileSync(join(ledgerFolder(auditDir), headFileName), 'latin1');
  } catch {
    return undefined;
  }
  const match = /^([0-9]{8}) ([0-9a-f]{64}) /.exec(text);
  if (match === null) return undefined;
  const number = Number(match[1]);
  const hash = match[2] as string;
  return text === headLine(number, hash) ? { number, hash } : undefined;
}

/** Not synced, and a racing or failing write may leave an older one: it only ever says that an entry existed. */
function writeHeadHint(auditDir: string, disk: JournalDisk, entry: { number: number; hash: string }): void {
  const path = join(ledgerFolder(auditDir), headFileName);
  const bytes = Buffer.from(headLine(entry.number, entry.hash), 'latin1');
  try {
    const known = fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    const fd = known ? disk.open(path) : disk.create(path);
    try {
      writeFully(disk, fd, { bytes, position: 0 });
    } finally {
      disk.close(fd);
    }
  } catch {}
}

/**
 * The highest number in use, found by doubling steps from the head hint, or from a number known to be in use, and halving
 * them again; 0 for an empty ledger.
 */
export function lastEntryNumber(auditDir: string, known = 0): number {
  const hint = readHeadHint(auditDir)?.number ?? 0;
  let low = hint > known && exists(auditDir, hint) ? hint : known;
  let step = 1;
  while (exists(auditDir, low + step)) {
    low += step;
    step *= 2;
  }
  let high = low + step;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (exists(auditDir, middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Reads one entry's line; refuses what is not a plain file. */
export function readEntryLine(auditDir: string, number: number): string {
  const fd = fs.openSync(
    pathOf(auditDir, number),
    fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK,
  );
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile() || stat.size > maxEntryBytes) throw new Error('it is not a ledger entry');
    return fs.readFileSync(fd, 'utf8');
  } finally {
    fs.closeSync(fd);
  }
}

/** One entry, its own hash checked. Throws AcpError('audit_unavailable') where it is missing or is not what was written. */
export function readLedgerEntry(auditDir: string, proxyId: ProxyId, number: number): LedgerEntry {
  let why: string;
  try {
    const entry = parseLedgerEntry(readEntryLine(auditDir, number), { number, proxyId });
    if (!('why' in entry)) return entry;
    if (entry.tooNew === true)
      throw new AcpError('format_too_new', `The ledger in ${auditDir} ${entry.why}.`);
    why = entry.why;
  } catch (error) {
    if (error instanceof AcpError) throw error;
    why = error instanceof Error ? error.message : String(error);
  }
  throw new AcpError(
    'audit_unavailable',
    `Entry ${number} of the ledger in ${auditDir} cannot be used: ${why}.`,
    {
      fix: 'Run `mcp-acp audit verify` to see what happened to the log.',
    },
  );
}

/** The last entry, or undefined for an empty ledger. */
export function readLedgerHead(auditDir: string, proxyId: ProxyId): LedgerEntry | undefined {
  const number = lastEntryNumber(auditDir);
  return number === 0 ? undefined : readLedgerEntry(auditDir, proxyId, number);
}

export interface LedgerAccess {
  readonly auditDir: string;
  readonly proxyId: ProxyId;
  readonly disk: JournalDisk;
}

/**
 * Appends the entry that `build` makes of the last one, durably. When another process took the number first, `build` is
 * asked again with that process's entry; it answers undefined where nothing is to be done any more, and so does this.
 */
export function appendLedgerEntry(
  { auditDir, proxyId, disk }: LedgerAccess,
  build: (last: LedgerEntry | undefined, number: number) => LedgerBody | undefined,
): LedgerEntry | undefined {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const last = readLedgerHead(auditDir, proxyId);
    const number = (last?.number ?? 0) + 1;
    const body = build(last, number);
    if (body === undefined) return undefined;
    const place = { number, proxyId, prev: last?.hash ?? noHash };
    const { line, hash } = encodeLedgerEntry(body, place);
    if (linkEntry(auditDir, disk, { number, line })) {
      writeHeadHint(auditDir, disk, { number, hash });
      return { ...body, ...place, hash };
    }
  }
  throw new AcpError('audit_unavailable', `The ledger in ${auditDir} is never free.`);
}

/** Gives the entry its number, durably; false where the number is taken. */
function linkEntry(auditDir: string, disk: JournalDisk, entry: { number: number; line: string }): boolean {
  const folder = ledgerFolder(auditDir);
  const temporary = join(folder, `${temporaryPrefix}${process.pid}-${process.hrtime.bigint()}`);
  const fd = disk.create(temporary);
  try {
    try {
      writeFully(disk, fd, { bytes: Buffer.from(entry.line, 'utf8'), position: 0 });
      disk.syncInline(fd);
    } finally {
      disk.close(fd);
    }
    disk.link(temporary, pathOf(auditDir, entry.number));
  } catch (error) {
    removeQuietly(disk, temporary);
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
  removeQuietly(disk, temporary);
  disk.syncDirectory(folder);
  return true;
}

/** What cannot be removed now is removed by a later healer. */
function removeQuietly(disk: JournalDisk, path: string): void {
  try {
    disk.unlink(path);
  } catch {}
}
