import type { Journal } from '@mcp-acp/audit/journal';
import type { Clock } from '@mcp-acp/shared/clock';
import type { RecordBody } from '@mcp-acp/shared/journal-record';

/** Hears of the records of one stream once they are written. */
export interface RecordListener {
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

/**
 * Sees every record that is appended. An append pays for three pushes; the rest is done after the commit, when what
 * waited for it has left. A record that is lost was never seen.
 */
export function observeJournal(journal: Journal, clock: Clock): ObservedJournal {
  let seqs: number[] = [];
  let times: number[] = [];
  let bodies: RecordBody[] = [];

  const written = (listener: RecordListener): void => {
    const count = seqs.length;
    if (count === 0) return;
    const upTo = journal.written;
    let done = 0;
    for (; done < count && (seqs[done] as number) <= upTo; done++) {
      listener.saw(seqs[done] as number, times[done] as number, bodies[done] as RecordBody);
    }
    drop(0, done);
    if (done > 0) listener.settled();
  };

  const drop = (from: number, to: number): void => {
    if (from === 0 && to === seqs.length) {
      seqs = [];
      times = [];
      bodies = [];
      return;
    }
    seqs.splice(from, to - from);
    times.splice(from, to - from);
    bodies.splice(from, to - from);
  };

  return {
    journal: {
      instance: journal.instance,
      append: (body, options) => {
        const seq = journal.append(body, options);
        seqs.push(seq);
        times.push(clock.now());
        bodies.push(body);
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
          const first = seqs.findIndex((seq) => seq >= firstLost);
          if (first !== -1) drop(first, seqs.length);
          listener.failed(error);
        },
        unsynced: (_firstUnsynced, error) => listener.failed(error),
      });
      written(listener);
    },
  };
}
