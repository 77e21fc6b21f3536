import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@mcp-acp/shared/clock';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { SessionBody } from '@mcp-acp/shared/journal-record';
import { openEmergencyFile } from './emergency-file.ts';
import { createRecordEncoder } from './encode-record.ts';
import type { Journal } from './journal.ts';
import { type JournalDisk, nodeDisk } from './journal-disk.ts';
import { createJournalWriter, type JournalWriter, type StreamEnd } from './journal-writer.ts';
import { appendLedgerEntry, type LedgerAccess, ledgerFolder } from './ledger.ts';
import type { PayloadStore } from './payload-store.ts';
import { ownProcess, type ProcessIdentity } from './process-identity.ts';
import { journalFormat, streamFileName, streamHashHead, streamIdOf } from './record-hash.ts';

export interface JournalOptions {
  readonly auditDir: string;
  readonly emergencyFile: string;
  readonly proxyId: ProxyId;
  readonly proxyName: string;
  readonly instance: InstanceId;
  readonly durability: 'sync' | 'flush';
  readonly clock: Clock;
  readonly disk?: JournalDisk;
  /** What became of its writes is recorded. The caller closes it, after the journal. */
  readonly payloads?: PayloadStore;
  readonly opened: Omit<SessionBody, 'type' | 'event'>;
  /** Who writes: this process, but for tests of what becomes of a dead one. */
  readonly process?: ProcessIdentity;
}

/**
 * Opens an instance's stream and writes its first record, session/opened, durably.
 *
 * The order makes a crash between any two steps tell itself from tampering: an empty stream file whose name is durable,
 * then the ledger's entry, then the first record. A file without an entry is empty, an entry without a file is never.
 * Throws AcpError('audit_unavailable'), or AcpError('format_too_new') on the ledger of a newer version.
 */
export function openJournal(options: JournalOptions): Journal {
  const { auditDir, proxyId, proxyName, instance, clock, disk = nodeDisk } = options;
  try {
    if (!fs.existsSync(ledgerFolder(auditDir))) {
      disk.makeDirectory(ledgerFolder(auditDir));
      disk.syncDirectory(auditDir);
    }
    const emergency = openEmergencyFile({ file: options.emergencyFile, disk, proxyId, proxyName, instance });
    const streamId = streamIdOf(instance);
    const fd = disk.create(join(auditDir, streamFileName(streamId)));
    let writer: JournalWriter | undefined;
    try {
      disk.syncDirectory(auditDir);
      const access = { auditDir, proxyId, disk };
      writer = createJournalWriter({
        instance,
        fd,
        disk,
        clock,
        durability: options.durability,
        encode: createRecordEncoder(proxyId, proxyName, instance),
        hashHead: streamHashHead(proxyId, streamId),
        firstPrev: recordOpening(access, {
          streamId,
          instance,
          clock,
          process: options.process ?? ownProcess(),
        }),
        emergency,
        ...(options.payloads === undefined ? {} : { payloads: options.payloads }),
        recordEnd: (end) => recordClosing(access, { streamId, clock, end }),
      });
      writeFirstRecord(writer, options.opened);
      if (options.durability === 'flush') disk.syncInline(fd);
      return writer;
    } catch (error) {
      if (writer === undefined) {
        emergency.close();
        disk.close(fd);
      }
      writer?.release();
      throw error;
    }
  } catch (error) {
    if (error instanceof AcpError) throw error;
    const cause = systemErrorCode(error) ?? (error instanceof Error ? error.message : String(error));
    throw new AcpError('audit_unavailable', `The audit log in ${auditDir} cannot be opened: ${cause}.`, {
      cause: error,
      fix: 'Check that the folder can be written and that its disk has space.',
    });
  }
}

function writeFirstRecord(journal: Journal, opened: JournalOptions['opened']): void {
  let opening = true;
  let failure: unknown;
  const note = (_seq: number, error: unknown): void => {
    if (opening) failure ??= error;
  };
  journal.listen({ advanced: () => undefined, lost: note, unsynced: note });
  journal.append(
    { format: journalFormat, pid: process.pid, ...opened, type: 'session', event: 'opened' },
    { durable: true },
  );
  journal.flushNow();
  opening = false;
  if (failure !== undefined) throw failure;
}

function recordClosing(
  access: LedgerAccess,
  { streamId, clock, end }: { streamId: string; clock: Clock; end: StreamEnd },
): void {
  appendLedgerEntry(access, (last) => ({
    event: 'closed',
    stream: streamId,
    ...end,
    time: new Date(clock.now()).toISOString(),
    open: (last?.open ?? []).filter((open) => open.stream !== streamId),
  }));
}

interface Opening {
  readonly streamId: string;
  readonly instance: InstanceId;
  readonly clock: Clock;
  readonly process: ProcessIdentity;
}

/** Puts the stream into the ledger and returns the hash of that entry, on which its first record is chained. */
function recordOpening(access: LedgerAccess, { streamId, instance, clock, process }: Opening): string {
  const time = new Date(clock.now()).toISOString();
  const entry = appendLedgerEntry(access, (last, number) => ({
    event: 'opened',
    stream: streamId,
    time,
    open: [...(last?.open ?? []), { stream: streamId, instance, time, opening: number, process }],
  }));
  if (entry === undefined) throw new Error('the ledger took no entry');
  return entry.hash;
}
