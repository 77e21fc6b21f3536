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
 * before the records that cite it, but not synced with them: after a power failure, as after a deletion, a record may
 * cite a payload that is not there. A failed write loses the payload, not the call: the record stands without it, and
 * the journal carries an incident with the count.
 */
export interface PayloadStore {
  /** Stores redacted JSON text, already cut to size, under a fresh salt and returns its digest. */
  add(json: string): string;
  /** Writes what was added. Called by the journal before its own write; runs by itself at the end of a turn otherwise. */
  flush(): PayloadFlush;
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
  let unreported: PayloadFlush | undefined;

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

  const flushPending = (): PayloadFlush => {
    const count = pending.length;
    const lost = refused;
    refused = 0;
    if (count === 0) return { stored: 0, lost };
    try {
      write();
      return { stored: count, lost };
    } catch (error) {
      return { stored: 0, lost: lost + count, error };
    } finally {
      pending = [];
      pendingLength = 0;
    }
  };

  return {
    add: (json) => {
      const salt = nextSalt();
      const digest = payloadDigest(salt, json);
      if (pendingLength + json.length > maxPendingLength) {
        refused++;
        return digest;
      }
      const line = `{"digest":"${digest}","payload":${JSON.stringify(json)},"salt":"${salt}"}\n`;
      pending.push(line);
      pendingLength += line.length;
      if (!scheduled) {
        scheduled = true;
        queueMicrotask(() => {
          scheduled = false;
          if (pending.length === 0) return;
          const done = flushPending();
          unreported =
            unreported === undefined
              ? done
              : { ...done, stored: unreported.stored + done.stored, lost: unreported.lost + done.lost };
        });
      }
      return digest;
    },
    flush: () => {
      const done = flushPending();
      const earlier = unreported;
      unreported = undefined;
      if (earlier === undefined) return done;
      return { ...earlier, ...done, stored: earlier.stored + done.stored, lost: earlier.lost + done.lost };
    },
    close: () => {
      flushPending();
      if (fd === undefined) return;
      try {
        disk.close(fd);
      } catch {}
      fd = undefined;
    },
  };
}
