import { hash, randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { type JournalDisk, nodeDisk, writeFully } from './journal-disk.ts';

/** What one flush did. Payloads that could not be stored are gone. */
export interface PayloadFlush {
  readonly stored: number;
  readonly lost: number;
  readonly error?: unknown;
}

/**
 * Redacted arguments beside the chain, deletable at any time: one line of JSON each, `{digest, payload, salt}`, in
 * `payloads/<instance>.jsonl`. A record in the chain holds the digest only:
 *
 *     digest = SHA-256( salt, as its 32 hex digits ‖ payload as UTF-8 )
 *
 * The payload is a JSON string that holds JSON text, since text cut to size is not JSON any more. The store is written
 * right after the turn that cites it, when the request is on its way already, and is not synced: after a crash in that
 * moment, as after a deletion, a record may cite a payload that is not there. A failed write loses the payload, not the call: the record stands without it, and
 * the journal carries an incident with the count.
 */
export interface PayloadStore {
  /** Stores redacted JSON text, already cut to size, under a fresh salt and returns its digest. */
  add(json: string): string;
  /** Writes what was added. Runs by itself once the turn that added it is over. */
  flush(): void;
  /** What the writes since the last report did, for the journal to record. */
  report(): PayloadFlush;
  /** Writes what is left and lets go of the file. */
  close(): void;
}

export const payloadDigest = (salt: string, json: string): string => hash('sha256', `${salt}${json}`, 'hex');

/** Payloads waiting for one turn to end; more are lost rather than kept. Characters. */
const maxPendingLength = 64 * 1024 * 1024;
const saltBytes = 16;
const pooledSalts = 256;

function saltSource(): () => string {
  const pool = Buffer.alloc(saltBytes * pooledSalts);
  let next = pool.length;
  return () => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    next += saltBytes;
    return pool.toString('hex', next - saltBytes, next);
  };
}

export interface PayloadStoreOptions {
  readonly dir: string;
  readonly instance: InstanceId;
  readonly disk?: JournalDisk;
}

export const payloadFileName = (instance: InstanceId): string => `${instance}.jsonl`;

/** The file is created with the first payload. Nothing here throws. */
export function openPayloadStore({ dir, instance, disk = nodeDisk }: PayloadStoreOptions): PayloadStore {
  const nextSalt = saltSource();
  let fd: number | undefined;
  let size = 0;
  let pending: string[] = [];
  let pendingLength = 0;
  let refused = 0;
  let scheduled = false;
  let damaged = false;
  let done = nothingDone;

  const write = (): void => {
    if (fd === undefined) {
      disk.makeDirectory(dir);
      fd = disk.create(join(dir, payloadFileName(instance)));
    }
    if (damaged) disk.truncate(fd, size);
    damaged = true;
    const bytes = Buffer.from(pending.join(''), 'utf8');
    writeFully(disk, fd, { bytes, position: size });
    size += bytes.length;
    damaged = false;
  };

  const flush = (): void => {
    const count = pending.length;
    const lost = refused;
    refused = 0;
    if (count === 0 && lost === 0) return;
    try {
      if (count > 0) write();
      done = { ...done, stored: done.stored + count, lost: done.lost + lost };
    } catch (error) {
      done = { stored: done.stored, lost: done.lost + lost + count, error };
    } finally {
      pending = [];
      pendingLength = 0;
    }
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      flush();
    });
  };

  return {
    add: (json) => {
      const salt = nextSalt();
      const digest = payloadDigest(salt, json);
      schedule();
      if (pendingLength + json.length > maxPendingLength) {
        refused++;
        return digest;
      }
      const line = `{"digest":"${digest}","payload":${JSON.stringify(json)},"salt":"${salt}"}\n`;
      pending.push(line);
      pendingLength += line.length;
      return digest;
    },
    flush,
    report: () => {
      const reported = done;
      done = nothingDone;
      return reported;
    },
    close: () => {
      flush();
      if (fd === undefined) return;
      try {
        disk.close(fd);
      } catch {}
      fd = undefined;
    },
  };
}

const nothingDone: PayloadFlush = { stored: 0, lost: 0 };
