import type { Journal, JournalListener } from '@mcp-acp/audit/journal';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { RecordBody } from '@mcp-acp/shared/journal-record';

export interface MemoryJournal extends Journal {
  /** Bodies in the order they were appended; a lost one is gone. Its index is its seq less one. */
  readonly records: readonly RecordBody[];
  /** What the next commits do. `hold`: writes succeed, syncs wait for `releaseSync`. */
  mode: 'work' | 'hold' | 'fail_write' | 'fail_sync';
  releaseSync(): void;
}

/** A journal in memory with the promises and the failures of the real one, for tests of what stands on it. */
export function createMemoryJournal(): MemoryJournal {
  const records: RecordBody[] = [];
  const listeners: JournalListener[] = [];
  let written = 0;
  let durable = 0;
  let wantsSync = false;
  let scheduled = false;
  const failure = new Error('the disk fails');

  const sync = (): void => {
    durable = written;
    wantsSync = false;
    for (const listener of listeners) listener.advanced();
  };

  const commit = (): void => {
    scheduled = false;
    if (journal.mode === 'fail_write') {
      records.length = written;
      for (const listener of listeners) listener.lost(written + 1, failure);
      return;
    }
    written = records.length;
    if (!wantsSync || journal.mode === 'work') return sync();
    if (journal.mode === 'fail_sync') {
      wantsSync = false;
      for (const listener of listeners) listener.unsynced(durable + 1, failure);
    }
    for (const listener of listeners) listener.advanced();
  };

  const journal: MemoryJournal = {
    instance: 'inst_aaaaaaaaaaaaaaaa' as InstanceId,
    records,
    mode: 'work',
    releaseSync: sync,
    append: (body, options) => {
      records.push(body);
      wantsSync ||= options?.durable === true;
      if (!scheduled) {
        scheduled = true;
        queueMicrotask(commit);
      }
      return records.length;
    },
    get written() {
      return written;
    },
    get durable() {
      return durable;
    },
    listen: (listener) => void listeners.push(listener),
    flushNow: commit,
    close: () => Promise.resolve(),
  };
  return journal;
}
