import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@mcp-acp/shared/clock';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import { encodeAnyRecord } from './encode-record.ts';
import { type JournalDisk, nodeDisk, writeFully } from './journal-disk.ts';
import {
  appendLedgerEntry,
  type LedgerAccess,
  ledgerFolder,
  readLedgerEntry,
  readLedgerHead,
  temporaryPrefix,
} from './ledger.ts';
import type { LedgerEntry, OpenStream, StreamClaim } from './ledger-entry.ts';
import { livenessOf, ownProcess, type ProcessIdentity } from './process-identity.ts';
import { chainHash, hashEnd, hashMark, streamFileName, streamHashHead } from './record-hash.ts';
import { findStreamEnd, type StreamEndFound } from './stream-end.ts';

export interface RecoverOptions {
  readonly auditDir: string;
  readonly proxyId: ProxyId;
  readonly proxyName: string;
  /** Who heals: the instance that calls, or an id of the same form for another program. */
  readonly by: InstanceId;
  readonly clock: Clock;
  readonly disk?: JournalDisk;
  /** Who heals: this process, but for tests of what becomes of a dead healer. */
  readonly process?: ProcessIdentity;
}

/** What became of a dead writer's stream. `left`: it stays as it is, since it was tampered with or the disk failed. */
export type HealedStream =
  | { readonly stream: string; readonly result: 'healed'; readonly cutBytes: number }
  | { readonly stream: string; readonly result: 'left'; readonly why: string };

/** Temporary files of the ledger that are older belong to nobody any more. */
const staleTemporaryMs = 3_600_000;

/**
 * Closes the streams whose writer is dead: the torn tail and the zeros reserved behind it are cut, a `recovered` record
 * keeps the hash of the torn part (of nothing, with `cutBytes` 0, where only zeros were there), the ledger gets the end. Before anything is cut the ledger says what will be and by whom, so that one healer wins, and a later one can
 * finish what a dead one began; each step may be repeated. Throws AcpError('audit_unavailable') where the ledger cannot
 * be read; what goes wrong with one stream comes back as its result.
 */
export function recoverDeadStreams(options: RecoverOptions): readonly HealedStream[] {
  const { auditDir, proxyId, disk = nodeDisk } = options;
  const access = { auditDir, proxyId, disk };
  removeStaleTemporaries(auditDir, disk);
  const results: HealedStream[] = [];
  for (const open of readLedgerHead(auditDir, proxyId)?.open ?? []) {
    if (livenessOf(open.process) !== 'dead' || claimedByAnother(open.claim, options.by)) continue;
    const { stream } = open;
    try {
      const healed = heal(access, stream, options);
      if (healed !== undefined) results.push(healed);
    } catch (error) {
      results.push({ stream, result: 'left', why: error instanceof Error ? error.message : String(error) });
    }
  }
  return results;
}

/** A healer that cannot be seen from here may be at work. One that is this very call's own is not another. */
function claimedByAnother(claim: StreamClaim | undefined, by: InstanceId): boolean {
  return claim !== undefined && claim.by !== by && livenessOf(claim.process) !== 'dead';
}

function heal(access: LedgerAccess, stream: string, options: RecoverOptions): HealedStream | undefined {
  const { auditDir, disk } = access;
  const path = join(auditDir, streamFileName(stream));
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { stream, result: 'left', why: 'its file is missing' };
  if (!stat.isFile() || stat.nlink > 1)
    return { stream, result: 'left', why: 'its file is not a plain file' };
  const fd = disk.open(path);
  try {
    // What is claimed must not vanish with the power.
    disk.syncInline(fd);
    let why: string | undefined;
    const claimed = appendLedgerEntry(access, (last) => {
      const open = last?.open.find((candidate) => candidate.stream === stream);
      if (last === undefined || open === undefined || claimedByAnother(open.claim, options.by))
        return undefined;
      const claim = makeClaim(access, { fd, open, options });
      if ('why' in claim) why = claim.why;
      return 'why' in claim ? undefined : claimEntry(last, { ...open, claim }, options.clock);
    });
    if (why !== undefined) return { stream, result: 'left', why };
    const open = claimed?.open.find((candidate) => candidate.stream === stream);
    if (open?.claim === undefined) return undefined;
    return finish(access, { fd, open, claim: open.claim, options });
  } finally {
    disk.close(fd);
  }
}

const chainOf = (proxyId: ProxyId, open: OpenStream) => ({
  hashHead: streamHashHead(proxyId, open.stream),
  origin: { proxyId, instance: open.instance },
});

function endOf(
  access: LedgerAccess,
  fd: number,
  open: OpenStream,
): StreamEndFound | { readonly why: string } {
  const { hash } = readLedgerEntry(access.auditDir, access.proxyId, open.opening);
  return findStreamEnd(fd, { ...chainOf(access.proxyId, open), openingHash: hash });
}

interface Healing {
  readonly fd: number;
  readonly open: OpenStream;
  readonly options: RecoverOptions;
}

/** Made while the ledger's next number is still free: whoever claims in between takes that number, and this is done again. */
function makeClaim(
  access: LedgerAccess,
  { fd, open, options }: Healing,
): StreamClaim | { readonly why: string } {
  const end = endOf(access, fd, open);
  if ('why' in end) return end;
  const { size, lastSeq, lastHash } = end;
  // A healer that died behind its cut has left nothing, or the beginning of its own record: its finding stands.
  const { cutBytes, cutHash } = open.claim?.size === size ? open.claim : end;
  return {
    by: options.by,
    process: options.process ?? ownProcess(),
    size,
    lastSeq,
    lastHash,
    cutBytes,
    cutHash,
  };
}

const claimEntry = (last: LedgerEntry, claimed: OpenStream, clock: Clock) => ({
  event: 'claimed' as const,
  stream: claimed.stream,
  time: new Date(clock.now()).toISOString(),
  open: last.open.map((open) => (open.stream === claimed.stream ? claimed : open)),
});

function finish(
  access: LedgerAccess,
  { fd, open, claim, options }: Healing & { readonly claim: StreamClaim },
): HealedStream | undefined {
  const { disk, proxyId } = access;
  const { stream } = open;
  const found = endOf(access, fd, open);
  if ('why' in found) return { stream, result: 'left', why: found.why };
  let end = { lastSeq: found.lastSeq, finalHash: found.lastHash, size: found.size };
  const complete =
    found.cutBytes === 0 && (found.last === 'recovered' || (found.last === 'closed' && claim.cutBytes === 0));
  if (!complete) {
    disk.truncate(fd, claim.size);
    const record = recoveredLine(chainOf(proxyId, open).hashHead, { open, claim, options });
    const bytes = Buffer.from(record.line, 'utf8');
    writeFully(disk, fd, { bytes, position: claim.size });
    disk.syncInline(fd);
    end = { lastSeq: claim.lastSeq + 1, finalHash: record.hash, size: claim.size + bytes.length };
  } else if (found.reservedBytes > 0) {
    // The writer, or a healer before, had written the last record, but not yet given back what was reserved behind it.
    disk.truncate(fd, found.size);
    disk.syncInline(fd);
  }
  const closed = appendLedgerEntry(access, (last) => {
    const now = last?.open.find((candidate) => candidate.stream === stream);
    if (last === undefined || now === undefined || now.claim?.by !== options.by) return undefined;
    return {
      event: 'closed',
      stream,
      ...end,
      time: new Date(options.clock.now()).toISOString(),
      open: last.open.filter((candidate) => candidate.stream !== stream),
    };
  });
  return closed === undefined ? undefined : { stream, result: 'healed', cutBytes: claim.cutBytes };
}

function recoveredLine(
  hashHead: string,
  { open, claim, options }: Pick<Healing, 'open' | 'options'> & { readonly claim: StreamClaim },
): { line: string; hash: string } {
  const body = encodeAnyRecord(
    { type: 'recovered', cutBytes: claim.cutBytes, cutHash: claim.cutHash, by: options.by },
    { proxyId: options.proxyId, proxyName: options.proxyName, instance: open.instance },
    {
      seq: claim.lastSeq + 1,
      time: new Date(options.clock.now()).toISOString(),
      prev: claim.lastHash,
    },
  );
  const hash = chainHash(hashHead, claim.lastHash, body);
  return { line: `${body}${hashMark}${hash}${hashEnd}`, hash };
}

function removeStaleTemporaries(auditDir: string, disk: JournalDisk): void {
  const folder = ledgerFolder(auditDir);
  try {
    for (const name of fs.readdirSync(folder)) {
      if (!name.startsWith(temporaryPrefix)) continue;
      const path = join(folder, name);
      if (Date.now() - fs.lstatSync(path).mtimeMs > staleTemporaryMs) disk.unlink(path);
    }
  } catch {}
}
