import { type InstanceId, isInstanceId, type ProxyId } from '@mcp-acp/shared/ids';
import { canonicalJson, isJsonObject } from '@mcp-acp/shared/json';
import type { ProcessIdentity } from './process-identity.ts';
import { chainHash, hashEnd, hashMark, hashTailBytes, journalFormat, ledgerHashHead } from './record-hash.ts';

/** What a healer found before it touched a dead writer's stream, written down first so that it can be done again. */
export interface StreamClaim {
  readonly by: InstanceId;
  readonly process: ProcessIdentity;
  /** Bytes and number of the complete records, and the hash of the last of them. */
  readonly size: number;
  readonly lastSeq: number;
  readonly lastHash: string;
  /** What lies behind them and will be cut. */
  readonly cutBytes: number;
  readonly cutHash: string;
}

/** A stream that was opened and not closed. */
export interface OpenStream {
  readonly stream: string;
  readonly instance: InstanceId;
  readonly time: string;
  /** The number of the entry that opened it. */
  readonly opening: number;
  readonly process: ProcessIdentity;
  readonly claim?: StreamClaim;
}

export type LedgerEvent =
  | { readonly event: 'opened'; readonly stream: string }
  | { readonly event: 'claimed'; readonly stream: string }
  | {
      readonly event: 'closed';
      readonly stream: string;
      readonly lastSeq: number;
      readonly finalHash: string;
      readonly size: number;
    };

export type LedgerBody = LedgerEvent & {
  readonly time: string;
  /** The streams that are open after this entry, so that nobody has to read the entries before it. */
  readonly open: readonly OpenStream[];
};

export type LedgerEntry = LedgerBody & {
  readonly number: number;
  readonly proxyId: ProxyId;
  readonly prev: string;
  readonly hash: string;
};

export type EntryPlace = Pick<LedgerEntry, 'number' | 'proxyId' | 'prev'>;

/** The line of an entry, and its hash. */
export function encodeLedgerEntry(body: LedgerBody, place: EntryPlace): { line: string; hash: string } {
  const text = canonicalJson({ ...body, format: journalFormat, ...place }).slice(0, -1);
  const hash = chainHash(ledgerHashHead(place.proxyId), place.prev, text);
  return { line: `${text}${hashMark}${hash}${hashEnd}`, hash };
}

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === 'string';

function isProcess(value: unknown): boolean {
  return (
    isJsonObject(value as never) &&
    isCount((value as Record<string, unknown>).pid) &&
    typeof (value as Record<string, unknown>).started === 'string' &&
    isOptionalText((value as Record<string, unknown>).boot) &&
    isOptionalText((value as Record<string, unknown>).space)
  );
}

function isClaim(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const claim = value as unknown as Record<string, unknown>;
  return (
    typeof claim.by === 'string' &&
    isInstanceId(claim.by) &&
    isProcess(claim.process) &&
    isCount(claim.size) &&
    isCount(claim.lastSeq) &&
    isHash(claim.lastHash) &&
    isCount(claim.cutBytes) &&
    isHash(claim.cutHash)
  );
}

function isOpenStream(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const open = value as unknown as Record<string, unknown>;
  return (
    typeof open.stream === 'string' &&
    typeof open.instance === 'string' &&
    isInstanceId(open.instance) &&
    open.stream.startsWith(`${open.instance}.`) &&
    typeof open.time === 'string' &&
    isCount(open.opening) &&
    isProcess(open.process) &&
    (open.claim === undefined || isClaim(open.claim))
  );
}

export interface LedgerEntryProblem {
  readonly why: string;
  /** It is intact, but of a later version of the program. */
  readonly tooNew?: true;
}

/**
 * Reads an entry's line. What is wrong with it comes back in words: the line is then not what its writer wrote.
 * The chain to the entry before is the caller's to check.
 */
export function parseLedgerEntry(
  line: string,
  expected: { number: number; proxyId: ProxyId },
): LedgerEntry | LedgerEntryProblem {
  const text = line.slice(0, -hashTailBytes);
  if (line.slice(text.length, text.length + hashMark.length) !== hashMark || !line.endsWith(hashEnd)) {
    return { why: 'it does not end in a hash' };
  }
  const hash = line.slice(text.length + hashMark.length, -hashEnd.length);
  let value: unknown;
  try {
    value = JSON.parse(`${text}}`);
  } catch {
    return { why: 'it is not JSON' };
  }
  if (!isJsonObject(value)) return { why: 'it is not an object' };
  const entry = value as unknown as Record<string, unknown>;
  if (!isHash(entry.prev)) return { why: 'it names no entry before it' };
  if (chainHash(ledgerHashHead(expected.proxyId), entry.prev, text) !== hash) {
    return { why: 'its hash does not match its bytes' };
  }
  if (isCount(entry.format) && entry.format > journalFormat) {
    return { why: `has format ${entry.format}, written by a newer version`, tooNew: true };
  }
  if (entry.format !== journalFormat) return { why: 'its format is unknown' };
  if (entry.number !== expected.number)
    return { why: `it says it is entry ${String(entry.number).slice(0, 20)}` };
  if (entry.proxyId !== expected.proxyId) return { why: 'it belongs to another proxy' };
  const known =
    entry.event === 'opened' ||
    entry.event === 'claimed' ||
    (entry.event === 'closed' && isCount(entry.lastSeq) && isHash(entry.finalHash) && isCount(entry.size));
  if (
    !known ||
    typeof entry.stream !== 'string' ||
    typeof entry.time !== 'string' ||
    !Array.isArray(entry.open) ||
    !entry.open.every(isOpenStream)
  ) {
    return { why: 'its members are not those of a ledger entry' };
  }
  return { ...(entry as unknown as LedgerEntry), hash };
}
