import type { JournalDisk } from '@mcp-acp/audit/journal-disk';
import type { Clock } from '@mcp-acp/shared/clock';
import { counted } from '@mcp-acp/shared/count-records';
import { createHistogram, type Histogram } from '@mcp-acp/shared/histogram';
import type { JournalTimes } from '@mcp-acp/shared/live/statistics';

export interface TimedDisk {
  readonly disk: JournalDisk;
  times(): JournalTimes;
}

/** The disk of a journal, watched: how long its writes and syncs take. */
export function timeDisk(disk: JournalDisk, clock: Clock): TimedDisk {
  const append = createHistogram();
  const sync = createHistogram();
  const timed = <Result>(histogram: Histogram, act: () => Result): Result => {
    const startMs = clock.monotonicMs();
    const result = act();
    histogram.add(clock.monotonicMs() - startMs);
    return result;
  };
  return {
    disk: {
      ...disk,
      write: (fd, bytes, position) => timed(append, () => disk.write(fd, bytes, position)),
      syncInline: (fd) => timed(sync, () => disk.syncInline(fd)),
      sync: (fd, done) => {
        const startMs = clock.monotonicMs();
        disk.sync(fd, (error) => {
          sync.add(clock.monotonicMs() - startMs);
          done(error);
        });
      },
    },
    times: () => ({ append: counted(append), sync: counted(sync) }),
  };
}
