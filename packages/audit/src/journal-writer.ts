import type { Clock } from '@mcp-acp/shared/clock';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { IncidentBody, RecordBody } from '@mcp-acp/shared/journal-record';
import type { EmergencyFile } from './emergency-file.ts';
import type { RecordEncoder } from './encode-record.ts';
import type { Journal, JournalListener } from './journal.ts';
import type { JournalDisk } from './journal-disk.ts';
import type { PayloadStore } from './payload-store.ts';
import { chainHash, hashEnd, hashMark, maxRecordBytes } from './record-hash.ts';
import { createReserveAhead } from './reserve-ahead.ts';
import { createStreamFile } from './stream-file.ts';
import { createStreamSync } from './stream-sync.ts';

/** Written but unsynced bytes: from the first bound on a sync is started at once, at the second the journal refuses. */
const eagerSyncBytes = 1024 * 1024;
const maxUnsyncedBytes = 16 * 1024 * 1024;
/** A refusing journal looks again after this whether the disk syncs. */
const retryMs = 1_000;
/** Records of one turn of the event loop, in characters. */
const maxPendingLength = 64 * 1024 * 1024;

export interface StreamEnd {
  readonly lastSeq: number;
  readonly finalHash: string;
  readonly size: number;
}

export interface WriterParts {
  readonly instance: InstanceId;
  readonly fd: number;
  readonly disk: JournalDisk;
  readonly clock: Clock;
  readonly durability: 'sync' | 'flush';
  readonly encode: RecordEncoder;
  /** What precedes the previous hash in the hashed bytes, and the hash before the first record. */
  readonly hashHead: string;
  readonly firstPrev: string;
  readonly emergency: EmergencyFile;
  readonly payloads?: PayloadStore;
  /** Puts the stream's end into the ledger. */
  readonly recordEnd: (end: StreamEnd) => void;
}

export interface JournalWriter extends Journal {
  /** Lets go of the files at once, whatever is pending. */
  release(): void;
}

/** From the first failure until the journal has worked again and said so in a record. */
interface Bout {
  readonly error: unknown;
  lost: number;
  /** Whether the incident of this bout, with all that was lost so far, has been written. */
  told: boolean;
}

const describe = (error: unknown): string =>
  systemErrorCode(error) ?? (error instanceof Error ? error.message : String(error));

/**
 * The hot path of the journal: one writer, one file, explicit positions. Records are encoded and chained when they are
 * appended and written in one call when the turn ends. What fails is taken back: the file to its last good size, the
 * chain and the numbers to the last record written.
 */
export function createJournalWriter(parts: WriterParts): JournalWriter {
  const { clock, encode, hashHead, emergency, payloads } = parts;
  const syncing = parts.durability === 'sync';
  const listeners: JournalListener[] = [];
  const file = createStreamFile(parts.fd, parts.disk, syncing);
  const place = { seq: 0, time: '', prev: parts.firstPrev };

  let written = 0;
  let writtenHash = parts.firstPrev;
  let durable = 0;

  let pending: string[] = [];
  let pendingLength = 0;
  let pendingIncidents = 0;
  let pendingDurable = false;
  let scheduled = false;
  let lastMs = Number.NaN;

  let bout: Bout | undefined;
  let payloadsLost = 0;
  let retrying = false;
  let lastRetryMs = Number.NEGATIVE_INFINITY;
  let closed = false;
  let released = false;
  let closing: Promise<void> | undefined;

  const push = (body: RecordBody): number => {
    const now = clock.now();
    if (now !== lastMs) {
      place.time = new Date(now).toISOString();
      lastMs = now;
    }
    place.seq++;
    const text = encode(body, place);
    if (text.length * 3 > maxRecordBytes && Buffer.byteLength(text) > maxRecordBytes - 128) {
      place.seq--;
      throw new AcpError('journal_unavailable', 'The record is larger than a journal line may be.');
    }
    const hash = chainHash(hashHead, place.prev, text);
    place.prev = hash;
    pending.push(`${text}${hashMark}${hash}${hashEnd}`);
    pendingLength += text.length;
    return place.seq;
  };

  const pushIncident = (incident: Omit<IncidentBody, 'type'>): void => {
    push({ type: 'incident', ...incident });
    pendingIncidents++;
  };

  /** The first record after a failure says what was lost. */
  const tellBout = (): void => {
    if (bout === undefined || bout.told || pending.length > 0) return;
    pushIncident({ code: 'journal_unavailable', detail: describe(bout.error), count: bout.lost });
    pendingDurable = true;
  };

  /** While the disk fails, a flush per turn of the event loop is enough: microtasks would starve all else. */
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    if (bout === undefined) queueMicrotask(flush);
    else setImmediate(flush);
  };

  const beginBout = (error: unknown): Bout => {
    if (bout === undefined) {
      bout = { error, lost: 0, told: false };
      emergency.report({
        time: new Date(clock.now()).toISOString(),
        code: 'journal_unavailable',
        detail: describe(error),
      });
    }
    return bout;
  };

  const endBout = (): void => {
    if (bout?.told === true) bout = undefined;
  };

  const advanced = (): void => {
    for (const listener of listeners) listener.advanced();
  };

  const loseBatch = (error: unknown): void => {
    const current = beginBout(error);
    const lost = pending.length - pendingIncidents;
    current.lost += lost;
    if (lost > 0) current.told = false;
    dropPending();
    place.seq = written;
    place.prev = writtenHash;
    for (const listener of listeners) listener.lost(written + 1, error);
  };

  const dropPending = (): void => {
    pending = [];
    pendingLength = 0;
    pendingIncidents = 0;
    pendingDurable = false;
  };

  const recordPayloads = (): void => {
    const done = payloads?.report();
    if (done === undefined) return;
    if (done.lost > 0) {
      if (payloadsLost === 0) {
        pushIncident({ code: 'payloads_unavailable', detail: describe(done.error), count: done.lost });
      }
      payloadsLost += done.lost;
    } else if (payloadsLost > 0 && done.stored > 0) {
      pushIncident({ code: 'payloads_unavailable', detail: 'stored again', count: payloadsLost });
      payloadsLost = 0;
    }
  };

  /** True where all of it is with the kernel; else it is lost. */
  const writeBatch = (batch: string): boolean => {
    try {
      file.append(batch);
    } catch (error) {
      loseBatch(error);
      return false;
    }
    written = place.seq;
    writtenHash = place.prev;
    if (pendingIncidents > 0 && bout !== undefined) bout.told = true;
    return true;
  };

  function flush(): void {
    scheduled = false;
    if (released) return;
    recordPayloads();
    if (pending.length === 0) {
      if (retrying) sync.commit();
      retrying = false;
      return;
    }
    const batch = pending.length === 1 ? (pending[0] as string) : pending.join('');
    const wantsSync = pendingDurable;
    if (!writeBatch(batch)) return;
    dropPending();
    if (!syncing) {
      durable = written;
      endBout();
      advanced();
      return;
    }
    if (wantsSync || file.unsyncedBytes > eagerSyncBytes) {
      sync.commit();
      if (durable < written) advanced();
      return;
    }
    sync.lazily();
    advanced();
  }

  const sync = createStreamSync({
    file,
    clock,
    written: () => written,
    onSynced: (seq) => {
      durable = seq;
      endBout();
      advanced();
      // The first record is written while a program starts, which has other things to do.
      if (seq > 1) ahead.look();
    },
    onFailed: (error) => {
      beginBout(error);
      for (const listener of listeners) listener.unsynced(durable + 1, error);
    },
  });

  const ahead = createReserveAhead({ file, clock, onReserved: () => sync.reserved() });

  const checkRoom = (): void => {
    if (closed) throw new AcpError('journal_unavailable', 'The journal is closed.');
    if (
      pendingLength > maxPendingLength ||
      (syncing && file.unsyncedBytes + pendingLength > maxUnsyncedBytes)
    ) {
      const now = clock.monotonicMs();
      if (file.suspect && now - lastRetryMs >= retryMs) {
        lastRetryMs = now;
        retrying = true;
        schedule();
      }
      throw new AcpError('journal_unavailable', 'Too many records wait for the disk.', {
        fix: 'Free space on the disk that holds the logs, or look at its health.',
      });
    }
  };

  const finish = async (reason: string, backendExit: string | undefined): Promise<void> => {
    closed = true;
    ahead.stop();
    try {
      payloads?.flush();
      tellBout();
      recordPayloads();
      const last = push({
        type: 'session',
        event: 'closed',
        reason,
        ...(backendExit === undefined ? {} : { backendExit }),
      });
      flush();
      await sync.forGood();
      if (written < last) throw bout?.error ?? new Error('the last record was lost');
      parts.recordEnd({ lastSeq: written, finalHash: writtenHash, size: file.size });
    } catch (error) {
      throw new AcpError('journal_unavailable', `The journal could not be closed: ${describe(error)}.`, {
        cause: error,
      });
    } finally {
      release();
    }
  };

  const release = (): void => {
    closed = true;
    released = true;
    ahead.stop();
    sync.stop();
    emergency.close();
    file.close();
  };

  return {
    instance: parts.instance,
    append: (body, options) => {
      checkRoom();
      tellBout();
      const seq = push(body);
      if (options?.durable === true) pendingDurable = true;
      schedule();
      return seq;
    },
    get written() {
      return written;
    },
    get durable() {
      return durable;
    },
    listen: (listener) => {
      listeners.push(listener);
    },
    flushNow: () => {
      if (closed) return;
      payloads?.flush();
      flush();
      if (syncing) sync.atOnce();
    },
    close: (reason, backendExit) => {
      closing ??= finish(reason, backendExit);
      return closing;
    },
    release,
  };
}
