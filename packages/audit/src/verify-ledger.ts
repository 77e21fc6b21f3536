import * as fs from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import { isProxyId, type ProxyId } from '@mcp-acp/shared/ids';
import { canonicalJson } from '@mcp-acp/shared/json';
import { entryFileName, lastEntryNumber, ledgerFolder, readEntryLine, readHeadHint } from './ledger.ts';
import { type LedgerEntry, type OpenStream, parseLedgerEntry, type StreamClaim } from './ledger-entry.ts';
import { noHash } from './record-hash.ts';

export interface LedgerProblem {
  readonly entry: number;
  readonly why: string;
}

/** What the ledger says about one stream. */
export interface LedgerStream {
  readonly open: OpenStream;
  /** The hash of the entry that opened it, absent where that entry cannot be used. */
  readonly openingHash?: string;
  readonly claim?: StreamClaim;
  readonly end?: { readonly lastSeq: number; readonly finalHash: string; readonly size: number };
}

export interface WholeLedger {
  readonly proxyId: ProxyId | undefined;
  /** Files in its folder, and the number of the last entry that was read. */
  readonly entries: number;
  readonly read: number;
  readonly problems: readonly LedgerProblem[];
  readonly streams: ReadonlyMap<string, LedgerStream>;
}

function entryNumbers(auditDir: string): number[] {
  let names: string[];
  try {
    names = fs.readdirSync(ledgerFolder(auditDir));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => /^[0-9]{8}\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/** The proxy whose ledger this claims to be; every entry is then held to it. */
function claimedProxyId(auditDir: string, numbers: readonly number[]): ProxyId | undefined {
  for (const number of numbers) {
    try {
      const { proxyId } = JSON.parse(readEntryLine(auditDir, number)) as { proxyId?: unknown };
      if (typeof proxyId === 'string' && isProxyId(proxyId)) return proxyId;
    } catch {}
  }
  return undefined;
}

function readOne(auditDir: string, number: number, proxyId: ProxyId): LedgerEntry | { readonly why: string } {
  const stat = fs.lstatSync(join(ledgerFolder(auditDir), entryFileName(number)), { throwIfNoEntry: false });
  if (stat === undefined) return { why: 'it is missing' };
  if (!stat.isFile()) return { why: 'it is not a plain file' };
  // A writer that died right after it took the number leaves the temporary name as a second link.
  if (stat.nlink > 2) return { why: 'it has other names' };
  try {
    return parseLedgerEntry(readEntryLine(auditDir, number), { number, proxyId });
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads a ledger as it grows: every entry once. */
export interface LedgerReader {
  /**
   * Reads and checks entries that have not been read yet, so many at most. True where none is left. Broken ones are
   * reported, and what the others say is used all the same. Throws system errors of reading the folder.
   */
  advance(most?: number): boolean;
  /** What the entries read so far say. */
  readonly ledger: WholeLedger;
}

export function createLedgerReader(auditDir: string, expectedProxyId?: ProxyId): LedgerReader {
  const problems: LedgerProblem[] = [];
  const streams = new Map<string, LedgerStream>();
  let proxyId = expectedProxyId;
  let entries = 0;
  /** The highest number seen, the number of the last entry read, and that entry where it could be used. */
  let last = 0;
  let done = 0;
  let previous: LedgerEntry | undefined;
  let truncated = false;

  const look = (): void => {
    if (last > 0 && proxyId !== undefined) {
      const now = lastEntryNumber(auditDir, last);
      entries += now - last;
      last = now;
      return;
    }
    const numbers = entryNumbers(auditDir);
    entries = numbers.length;
    last = numbers.at(-1) ?? 0;
    proxyId ??= claimedProxyId(auditDir, numbers);
  };

  const read = (number: number): void => {
    const entry = proxyId === undefined ? { why: 'it names no proxy' } : readOne(auditDir, number, proxyId);
    const afterBroken = done > 0 && previous === undefined;
    done = number;
    if ('why' in entry) {
      problems.push({ entry: number, why: entry.why });
      previous = undefined;
      return;
    }
    if (!afterBroken && entry.prev !== (previous?.hash ?? noHash)) {
      problems.push({ entry: number, why: 'it does not follow the entry before it' });
    } else if (!afterBroken && !follows(previous?.open ?? [], entry)) {
      problems.push({
        entry: number,
        why: 'its list of open streams does not follow from the entry before it',
      });
    }
    note(streams, entry);
    previous = entry;
  };

  return {
    advance: (most = Number.POSITIVE_INFINITY) => {
      // Read first: entries that are added meanwhile can only make the hint too old.
      const hint = readHeadHint(auditDir);
      look();
      for (let left = most; done < last; left--) {
        if (left === 0) return false;
        read(done + 1);
        if (hint?.number === done && previous !== undefined && hint.hash !== previous.hash) {
          problems.push({ entry: done, why: 'it is not the entry that was written' });
        }
      }
      if (hint !== undefined && hint.number > done && !truncated) {
        truncated = true;
        problems.push({ entry: done + 1, why: 'it existed once and is missing' });
      }
      return true;
    },
    get ledger() {
      return { proxyId, entries, read: done, problems, streams };
    },
  };
}

/** Reads and checks every entry. */
export function readWholeLedger(auditDir: string, expectedProxyId?: ProxyId): WholeLedger {
  const reader = createLedgerReader(auditDir, expectedProxyId);
  reader.advance();
  return reader.ledger;
}

const other = (entry: LedgerEntry) => (open: OpenStream) => open.stream !== entry.stream;

/** Whether the entry changes the list of open streams by what it says it does, and by nothing else. */
function follows(before: readonly OpenStream[], entry: LedgerEntry): boolean {
  const old = before.find((open) => open.stream === entry.stream);
  const now = entry.open.find((open) => open.stream === entry.stream);
  const same = canonicalJson(before.filter(other(entry))) === canonicalJson(entry.open.filter(other(entry)));
  if (!same) return false;
  if (entry.event === 'opened') return old === undefined && now?.opening === entry.number;
  if (entry.event === 'closed') return old !== undefined && now === undefined;
  if (old === undefined || now?.claim === undefined) return false;
  return canonicalJson({ ...old, claim: undefined }) === canonicalJson({ ...now, claim: undefined });
}

function note(streams: Map<string, LedgerStream>, entry: LedgerEntry): void {
  for (const open of entry.open) {
    const known = streams.get(open.stream);
    streams.set(open.stream, {
      ...known,
      open,
      ...(entry.event === 'opened' && entry.stream === open.stream ? { openingHash: entry.hash } : {}),
      ...(open.claim === undefined ? {} : { claim: open.claim }),
    });
  }
  if (entry.event !== 'closed') return;
  const known = streams.get(entry.stream);
  const { lastSeq, finalHash, size } = entry;
  if (known !== undefined) streams.set(entry.stream, { ...known, end: { lastSeq, finalHash, size } });
}
