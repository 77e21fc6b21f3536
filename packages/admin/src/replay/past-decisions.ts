import { closeSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { streamBeginning } from '@mcp-acp/audit/chain-check';
import { openStream } from '@mcp-acp/audit/open-stream';
import { streamFileName, streamHashHead } from '@mcp-acp/audit/record-hash';
import { closingProblem } from '@mcp-acp/audit/stream-closing';
import { createTailReader, type TailReader, type VerifiedRecord } from '@mcp-acp/audit/verified-tail';
import { type LedgerStream, readWholeLedger } from '@mcp-acp/audit/verify-ledger';
import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody, RecordEnvelope, SessionBody } from '@mcp-acp/shared/journal-record';

export type DecisionRecord = RecordEnvelope & DecisionBody;

/** Decisions of one stream that were read at once, in order. */
export interface PastBatch {
  readonly instance: InstanceId;
  readonly decisions: readonly DecisionRecord[];
  /** The working folder of its backend, where its first record says it. */
  readonly cwd?: string;
  /** Whether any record of the stream up to here cites a payload, so that payloads were kept. */
  readonly keepsPayloads: boolean;
  /** Bytes of journals read so far, and of all that are to be read. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface PastOptions {
  readonly auditDir: string;
  readonly proxyId: ProxyId;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Bytes read and verified at once: a few milliseconds of work. */
const batchBytes = 512 * 1024;
/** The clock and a file's time may differ by this. */
const mtimeToleranceMs = 60_000;
/** A writer that takes back what its disk did not take is looked at again. */
const doubtfulMs = 200;
const mostDoubts = 5;

interface Part {
  readonly known: LedgerStream;
  readonly path: string;
  /** Reading ends here: what is added meanwhile is not part of it. */
  readonly size: number;
}

/**
 * The access decisions of a proxy's journal that a policy was asked about, stream by stream, read from files whose chain is
 * verified as they are read. Between two batches the event loop has its turn. Throws AcpError('audit_unavailable') where
 * what follows does not verify.
 */
export async function* pastDecisions(options: PastOptions): AsyncGenerator<PastBatch> {
  const parts = partsOf(options);
  const totalBytes = parts.reduce((sum, part) => sum + part.size, 0);
  const tail = createTailReader();
  let doneBytes = 0;
  for (const part of parts) {
    for await (const batch of readPart(tail, part, options)) {
      yield { ...batch, doneBytes: doneBytes + batch.doneBytes, totalBytes };
      await new Promise((resolve) => setImmediate(resolve));
    }
    doneBytes += part.size;
  }
}

function partsOf({ auditDir, proxyId, since }: PastOptions): readonly Part[] {
  const parts: Part[] = [];
  for (const known of readWholeLedger(auditDir, proxyId).streams.values()) {
    const path = join(auditDir, streamFileName(known.open.stream));
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) throw unverified(known.open.stream, 'its file is missing');
    if (stat.mtimeMs + mtimeToleranceMs < since) continue;
    parts.push({ known, path, size: stat.size });
  }
  return parts;
}

const unverified = (stream: string, why: string) =>
  new AcpError('audit_unavailable', `The journal ${stream} cannot be read on: ${why}.`, {
    fix: 'Run: mcp-acp audit verify',
  });

async function* readPart(
  tail: TailReader,
  { known, path, size }: Part,
  { proxyId, since }: PastOptions,
): AsyncGenerator<Omit<PastBatch, 'totalBytes'>> {
  const { stream, instance } = known.open;
  if (known.openingHash === undefined) throw unverified(stream, 'the ledger does not say where it begins');
  const opened = openStream(path);
  if ('why' in opened) throw unverified(stream, opened.why);
  try {
    const chain = { hashHead: streamHashHead(proxyId, stream), origin: { proxyId, instance } };
    let position = streamBeginning(known.openingHash);
    // Times of records are all written alike, so they compare as text.
    const oldest = new Date(Math.max(0, since)).toISOString();
    let cwd: string | undefined;
    let keepsPayloads = false;
    for (let doubts = 0; ; ) {
      const read = tail.read(opened.fd, { ...chain, from: position }, batchBytes);
      const { state } = read.end;
      if (state === 'broken' || state === 'shorter') {
        const why = state === 'broken' ? read.end.problem.why : 'records that were there are missing';
        if (known.end !== undefined || ++doubts > mostDoubts) throw unverified(stream, why);
        await new Promise((resolve) => setTimeout(resolve, doubtfulMs));
        continue;
      }
      doubts = 0;
      if (position.seq === 0) cwd = openingOf(read.records[0])?.cwd;
      keepsPayloads ||= read.records.some(({ text }) => text.includes(',"payload":"'));
      position = read.position;
      yield {
        instance,
        decisions: decisionsOf(read.records, oldest),
        ...(cwd === undefined ? {} : { cwd }),
        keepsPayloads,
        doneBytes: Math.min(position.offset, size),
      };
      if (state === 'waiting') {
        const problem = closingProblem(known, position, read.fileBytes - position.offset);
        if (problem !== undefined) throw unverified(stream, problem.why);
        return;
      }
      if (position.offset >= size) return;
    }
  } finally {
    closeSync(opened.fd);
  }
}

/** What the first record says of where the backend works; a record of an older version does not. */
function openingOf(record: VerifiedRecord | undefined): { readonly cwd?: string } | undefined {
  if (record === undefined) return undefined;
  const { cwd } = JSON.parse(record.text) as Partial<SessionBody> & { readonly cwd?: unknown };
  return typeof cwd === 'string' ? { cwd } : undefined;
}

/** Only decisions are parsed: half of a journal are outcomes. No text can hold the mark, since its quotes would be escaped. */
const decisionMark = ',"type":"decision"';
const effectMark = ',"effect":"';

function decisionsOf(records: readonly VerifiedRecord[], oldest: string): readonly DecisionRecord[] {
  const found: DecisionRecord[] = [];
  for (const { text } of records) {
    if (!text.includes(decisionMark) || !text.includes(effectMark)) continue;
    const record = JSON.parse(text) as DecisionRecord;
    // Without `matched` some other guard spoke before the policy was asked.
    if (record.class !== 'access' || record.effect === undefined || record.matched === undefined) continue;
    if (record.time >= oldest) found.push(record);
  }
  return found;
}
