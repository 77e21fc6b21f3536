import type { Clock } from '@mcp-acp/shared/clock';
import type { StreamFile } from './stream-file.ts';
import { createSyncPace } from './sync-pace.ts';

/** A record that nobody waits for is synced after at most this. */
const lazySyncMs = 50;

/** Decides when a stream's file is synced, and on which thread. At most one sync runs at a time. */
export interface StreamSync {
  /** Syncs all that is written: now, or with the group that forms while another sync runs. */
  commit(): void;
  /** Lets a sync happen soon. */
  lazily(): void;
  /** Syncs a reservation on another thread, so that the next commit need not; not while another sync runs. */
  reserved(): void;
  /** Syncs on this thread whatever else runs: the last words of a process. */
  atOnce(): void;
  /** Everything on disk and nothing behind the records, when it resolves. A failed sync is tried once more after writing its region again. */
  forGood(): Promise<void>;
  /** No sync is started any more. */
  stop(): void;
}

export interface SyncParts {
  readonly file: StreamFile;
  readonly clock: Clock;
  /** The seq of the last record written. */
  readonly written: () => number;
  /** The seq of the last record that is durable has become this, or stayed. */
  readonly onSynced: (seq: number) => void;
  readonly onFailed: (error: unknown) => void;
}

export function createStreamSync({ file, clock, written, onSynced, onFailed }: SyncParts): StreamSync {
  const pace = createSyncPace();
  let running: Promise<void> | undefined;
  let again = false;
  let lazyTimer: NodeJS.Timeout | undefined;
  let synced = 0;
  let ending = false;

  const succeeded = (seq: number, position: number): void => {
    synced = Math.max(synced, seq);
    file.syncedTo(position);
    onSynced(synced);
  };

  const failed = (error: unknown): void => {
    file.syncFailed();
    again = false;
    onFailed(error);
  };

  const commit = (): void => {
    if (running !== undefined) {
      again = true;
      return;
    }
    const startMs = clock.monotonicMs();
    try {
      file.restore();
      if (!pace.inline) {
        start('commit');
        return;
      }
      file.syncInline();
    } catch (error) {
      failed(error);
      return;
    }
    pace.took(clock.monotonicMs() - startMs);
    succeeded(written(), file.size);
  };

  const start = (cause: 'commit' | 'reservation'): void => {
    const seq = written();
    const position = file.size;
    const startMs = clock.monotonicMs();
    running = new Promise((resolve) => {
      file.sync((error) => {
        running = undefined;
        // Of a reservation alone nobody waits for anything; but its sync may have been told the error of a record.
        if (error && (cause === 'commit' || synced < written())) {
          failed(error);
        } else if (!error) {
          if (cause === 'commit') pace.took(clock.monotonicMs() - startMs);
          const next = again && seq < written() && !ending;
          again = false;
          succeeded(seq, position);
          if (next) commit();
        }
        resolve();
      });
    });
  };

  return {
    commit,
    lazily: () => {
      lazyTimer ??= setTimeout(() => {
        lazyTimer = undefined;
        // A region that failed waits for the next commit, whose writer learns what becomes of it.
        if (!ending && synced < written() && !file.suspect) commit();
      }, lazySyncMs).unref();
    },
    reserved: () => {
      if (running === undefined && !ending && !file.suspect) start('reservation');
    },
    atOnce: () => {
      if (synced === written()) return;
      try {
        file.restore();
        file.syncInline();
        // The kernel tells an error of writing back once: with another sync under way it may have told that one.
        if (running === undefined) succeeded(written(), file.size);
      } catch (error) {
        failed(error);
      }
    },
    forGood: async () => {
      ending = true;
      for (let attempt = 1; ; attempt++) {
        await running;
        const failure = await new Promise<unknown>((resolve) => {
          try {
            file.cutBack();
            file.restore();
            file.trim();
            file.sync(resolve);
          } catch (error) {
            resolve(error);
          }
        });
        if (!failure) return succeeded(written(), file.size);
        failed(failure);
        if (attempt === 2) throw failure;
      }
    },
    stop: () => {
      ending = true;
      clearTimeout(lazyTimer);
    },
  };
}
