import type { Journal } from '@mcp-acp/audit/journal';
import type { Clock } from '@mcp-acp/shared/clock';
import type { RecordBody } from '@mcp-acp/shared/journal-record';

/** Hears of the records of one stream once they are written. */
export interface RecordListener {
  /** `timeMs` since the Unix epoch, of the commit. */
  saw(seq: number, timeMs: number, body: RecordBody): void;
  /** No more has been written for the moment. */
  settled(): void;
  /** Records could not be written, or not be synced. */
  failed(error: unknown): void;
}

export interface ObservedJournal {
  /** The journal, for everybody who appends. */
  readonly journal: Journal;
  /** Begins to tell, of what was appended before too. Whoever listens to the journal already hears of a commit first. */
  observe(listener: RecordListener): void;
}

/** After a larger commit the room it took is given back. */
const keptRoom = 1024;

/**
 * Sees every record that is appended. An append pays for two stores; the rest is done after the commit, when what
 * waited for it has left. A record that is lost was never seen.
 */
export function observeJournal(journal: Journal, clock: Clock): ObservedJournal {
  // Places are used again, since a new array for each commit costs more than all else here.
  let seqs: number[] = [];
  let bodies: RecordBody[] = [];
  let count = 0;

  const written = (listener: RecordListener): void => {
    if (count === 0) return;
    const upTo = journal.written;
    const timeMs = clock.now();
    let done = 0;
    while (done < count && (seqs[done] as number) <= upTo) {
      listener.saw(seqs[done] as number, timeMs, bodies[done] as RecordBody);
      done++;
    }
    if (done === 0) return;
    drop(done);
    listener.settled();
  };

  /** Lets go of the first of those that wait. */
  const drop = (done: number): void => {
    if (done < count || count > keptRoom) {
      seqs = seqs.slice(done, count);
      bodies = bodies.slice(done, count);
    }
    count -= done;
  };

  return {
    journal: {
      instance: journal.instance,
      append: (body, options) => {
        const seq = journal.append(body, options);
        seqs[count] = seq;
        bodies[count] = body;
        count++;
        return seq;
      },
      get written() {
        return journal.written;
      },
      get durable() {
        return journal.durable;
      },
      listen: (listener) => journal.listen(listener),
      flushNow: () => journal.flushNow(),
      close: (reason, backendExit) => journal.close(reason, backendExit),
    },
    observe: (listener) => {
      journal.listen({
        advanced: () => written(listener),
        lost: (firstLost, error) => {
          while (count > 0 && (seqs[count - 1] as number) >= firstLost) count--;
          listener.failed(error);
        },
        unsynced: (_firstUnsynced, error) => listener.failed(error),
      });
      written(listener);
    },
  };
}
