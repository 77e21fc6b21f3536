import * as fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import { openStream } from './open-stream.ts';
import { livenessOf } from './process-identity.ts';
import type { StreamProblem } from './read-chain.ts';
import { parseStreamFileName, streamFileName, streamHashHead } from './record-hash.ts';
import { type StreamScan, scanStream } from './scan-stream.ts';
import { closingProblem } from './stream-closing.ts';
import { type LedgerProblem, type LedgerStream, readWholeLedger } from './verify-ledger.ts';

export type Verdict = 'ok' | 'torn_tail' | 'tampered';

export interface StreamVerdict {
  /** `<instance>.<segment>`, or the file's name where it is not one of ours. */
  readonly stream: string;
  readonly instance?: InstanceId;
  /** `live`: its writer runs. `dead`: opened, not closed, its writer gone. `unknown`: the ledger does not know it. */
  readonly state: 'live' | 'dead' | 'closed' | 'unknown';
  readonly verdict: Verdict;
  /** Complete records that verify, and their bytes. */
  readonly records: number;
  readonly bytes: number;
  /** Bytes of a record that a crash cut off, without zeros behind them. */
  readonly tornBytes?: number;
  /** The first thing that does not verify. */
  readonly problem?: StreamProblem;
}

export interface JournalVerdict {
  readonly verdict: Verdict;
  /** The proxy it says it belongs to. */
  readonly proxyId?: ProxyId;
  readonly streams: readonly StreamVerdict[];
  readonly ledger: {
    readonly verdict: 'ok' | 'tampered';
    readonly entries: number;
    readonly problems: readonly LedgerProblem[];
  };
  readonly records: number;
  readonly bytes: number;
}

export interface VerifyProgress {
  readonly stream: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface VerifyOptions {
  /** The proxy the journal must belong to; else the one its ledger names. */
  readonly proxyId?: ProxyId;
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/** Writers and healers may change an open stream while it is read: what fails is looked at again. */
const attempts = 4;
const attemptPauseMs = 30;

interface Listed {
  readonly name: string;
  readonly size: number;
}

function listStreamFiles(auditDir: string): Listed[] {
  let names: string[];
  try {
    names = fs.readdirSync(auditDir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const files: Listed[] = [];
  for (const name of names.filter((name) => name.endsWith('.jsonl')).sort()) {
    const stat = fs.lstatSync(join(auditDir, name), { throwIfNoEntry: false });
    // What is not a plain file counts as having content.
    if (stat !== undefined) files.push({ name, size: stat.isFile() ? stat.size : 1 });
  }
  return files;
}

/**
 * Verifies all streams of a proxy against their chains and the ledger. A folder that does not exist is an empty, intact
 * journal. Throws AcpError('audit_unavailable') where it cannot be read.
 */
export async function verifyJournal(auditDir: string, options: VerifyOptions = {}): Promise<JournalVerdict> {
  try {
    return await verifyAll(auditDir, options);
  } catch (error) {
    if (error instanceof AcpError) throw error;
    throw new AcpError('audit_unavailable', `The audit log in ${auditDir} cannot be read.`, { cause: error });
  }
}

async function verifyAll(auditDir: string, options: VerifyOptions): Promise<JournalVerdict> {
  // Files before ledger: a file that has content is in the ledger by then.
  const files = listStreamFiles(auditDir);
  const ledger = readWholeLedger(auditDir, options.proxyId);
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  const streams: StreamVerdict[] = [];
  let doneBytes = 0;
  for (const [stream, known] of ledger.streams) {
    streams.push(
      await verifyStream(auditDir, known, {
        proxyId: ledger.proxyId as ProxyId,
        onBytes: (bytes) => {
          doneBytes += bytes;
          options.onProgress?.({ stream, doneBytes, totalBytes });
        },
      }),
    );
  }
  for (const file of files) {
    const streamId = file.name.slice(0, -'.jsonl'.length);
    if (ledger.streams.has(streamId)) continue;
    const verdict = unknownStream(file);
    if (verdict !== undefined) streams.push(verdict);
  }
  const ledgerVerdict = ledger.problems.length === 0 ? 'ok' : 'tampered';
  const verdicts = [ledgerVerdict, ...streams.map((stream) => stream.verdict)];
  return {
    verdict: verdicts.includes('tampered') ? 'tampered' : verdicts.includes('torn_tail') ? 'torn_tail' : 'ok',
    ...(ledger.proxyId === undefined ? {} : { proxyId: ledger.proxyId }),
    streams,
    ledger: { verdict: ledgerVerdict, entries: ledger.entries, problems: ledger.problems },
    records: streams.reduce((sum, stream) => sum + stream.records, 0),
    bytes: streams.reduce((sum, stream) => sum + stream.bytes, 0),
  };
}

/** An empty file was created by a starter that did not come further; nothing is lost with it. */
function unknownStream({ name, size }: Listed): StreamVerdict | undefined {
  const parsed = parseStreamFileName(name);
  if (size === 0) return undefined;
  return {
    stream: parsed?.streamId ?? name,
    ...(parsed === undefined ? {} : { instance: parsed.instance }),
    state: 'unknown',
    verdict: 'tampered',
    records: 0,
    bytes: 0,
    problem: { offset: 0, line: 1, why: 'the ledger does not know this stream' },
  };
}

interface StreamContext {
  readonly proxyId: ProxyId;
  readonly onBytes: (bytes: number) => void;
}

async function verifyStream(
  auditDir: string,
  known: LedgerStream,
  context: StreamContext,
): Promise<StreamVerdict> {
  const { stream, instance } = known.open;
  const state =
    known.end !== undefined ? 'closed' : livenessOf(known.open.process) === 'dead' ? 'dead' : 'live';
  const verdictOf = (scan: StreamScan): StreamVerdict => {
    const problem = scan.problem ?? endProblem(known, scan);
    const torn = state === 'dead' && scan.tornBytes > 0;
    return {
      stream,
      instance,
      state,
      verdict: problem !== undefined ? 'tampered' : torn ? 'torn_tail' : 'ok',
      records: scan.records,
      bytes: scan.size,
      ...(torn ? { tornBytes: scan.tornBytes } : {}),
      ...(problem === undefined ? {} : { problem }),
    };
  };
  for (let attempt = 1; ; attempt++) {
    const scan = await scanFile(join(auditDir, streamFileName(stream)), known, context);
    const verdict = verdictOf(scan);
    if (verdict.verdict !== 'tampered' || state === 'closed' || attempt === attempts) return verdict;
    await sleep(attemptPauseMs);
  }
}

const broken = (why: string): StreamScan => ({
  records: 0,
  size: 0,
  lastHash: '',
  ended: false,
  tornBytes: 0,
  reservedBytes: 0,
  problem: { offset: 0, line: 1, why },
});

async function scanFile(path: string, known: LedgerStream, context: StreamContext): Promise<StreamScan> {
  if (known.openingHash === undefined)
    return broken('the ledger entry that opened this stream cannot be used');
  const opened = openStream(path);
  if ('why' in opened) return broken(opened.why);
  const { fd } = opened;
  try {
    return await scanStream(fd, {
      hashHead: streamHashHead(context.proxyId, known.open.stream),
      firstPrev: known.openingHash,
      origin: { proxyId: context.proxyId, instance: known.open.instance },
      onBytes: context.onBytes,
    });
  } finally {
    fs.closeSync(fd);
  }
}

function endProblem(known: LedgerStream, scan: StreamScan): StreamProblem | undefined {
  const { size, records, lastHash, ended, tornBytes, reservedBytes } = scan;
  const at = { offset: size, seq: records, hash: lastHash, ended };
  return closingProblem(known, at, tornBytes + reservedBytes);
}
