import type { InstanceId } from '@mcp-acp/shared/ids';
import type { RecordBody } from '@mcp-acp/shared/journal-record';

/** One instance's stream of records, open for writing. Nothing here waits for the disk but `flushNow` and `close`. */
export interface Journal {
  readonly instance: InstanceId;
  /**
   * Queues one record, to be written when the current turn of the event loop ends, and returns its seq. `durable` syncs
   * it with that commit; any other record is synced within 50 ms. Throws AcpError('journal_unavailable') when the journal
   * is closed, the record is larger than 1 MiB, or too much waits for a disk that does not sync.
   */
  append(body: RecordBody, options?: { readonly durable?: boolean }): number;
  /** All records up to this seq are in the kernel's hand, so they survive the death of this process. */
  readonly written: number;
  /** All records up to this seq survive a power failure; equals `written` where durability is `flush`. */
  readonly durable: number;
  listen(listener: JournalListener): void;
  /** Writes and syncs everything now, on this thread: the last words of a process. Never throws. */
  flushNow(): void;
  /**
   * Writes session/closed, syncs, and records the final hash in the ledger. Rejects with AcpError('journal_unavailable')
   * where that fails; the stream is then left as one whose writer died, and the next instance closes it.
   */
  close(reason: string, backendExit?: string): Promise<void>;
}

export interface JournalListener {
  /** `written` or `durable` went up. */
  advanced(): void;
  /**
   * Records from `firstLost` on could not be written; they are gone and their numbers will be used again. The journal
   * stays usable: the next append tries again.
   */
  lost(firstLost: number, error: unknown): void;
  /**
   * A sync failed: records up to `written` are with the kernel but not known durable. Whoever waits for durability must
   * give up now; the next commit writes that region again and syncs it.
   */
  unsynced(firstUnsynced: number, error: unknown): void;
}
