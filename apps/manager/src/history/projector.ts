import type { HomePaths } from '@mcp-acp/config/home-paths';
import { createIncidentRows } from '@mcp-acp/db/incidents';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { countRecords } from '@mcp-acp/db/positions';
import type { Clock } from '@mcp-acp/shared/clock';
import { findJournals } from './find-journals.ts';
import { type FollowedJournal, followJournal } from './follow-journal.ts';
import { followIncidentFiles } from './incident-files.ts';
import { createIncidentReport, type HistoryIncident } from './incident-report.ts';
import { createKeeper, dayMs, type RetentionSettings } from './keep-within.ts';
import { createStreamProjection, type ProjectionParts } from './project-streams.ts';

/** Brings what stands in the journals into the database, in small steps on this thread. */
export interface Projector {
  /**
   * Reads all that the journals of these proxies, or of all, hold now. Steps are a few milliseconds long; in between everything
   * else of the process has its turn. Throws SQLite's errors, and may be called again: what has not been written is read
   * once more.
   */
  pass(proxies?: readonly string[]): Promise<void>;
  /** Ends a pass after its next step; there is none after that. */
  stop(): void;
  readonly stopped: boolean;
  /** Whether a stream is to be looked at again soon, since what it shows may pass. */
  readonly doubtful: boolean;
  /** Rows in the history. */
  readonly records: number;
  /** Bytes of journals that have been read by this projector, and that are not read yet as far as it knows. */
  readonly readBytes: number;
  readonly behindBytes: number;
  /** Journals that cannot be read, in words. */
  readonly problem: string | undefined;
}

export interface ProjectorOptions {
  readonly paths: HomePaths;
  readonly clock: Clock;
  readonly retention: RetentionSettings;
  readonly log: ProjectionParts['log'];
  readonly onIncident: (incident: HistoryIncident) => void;
}

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createProjector(database: HistoryDatabase, options: ProjectorOptions): Projector {
  const { paths, clock } = options;
  const nowMs = (): number => clock.monotonicMs();
  const incidents = createIncidentReport(database, clock, options.onIncident);
  const projection = createStreamProjection({ database, incidents, nowMs, log: options.log });
  const files = followIncidentFiles({
    paths,
    rows: createIncidentRows(database),
    oldest: () => clock.now() - options.retention.days * dayMs,
    tell: options.onIncident,
  });
  const keeper = createKeeper(database, { clock, settings: options.retention });
  const taken = new Map<string, FollowedJournal>();
  let journals = new Map<string, FollowedJournal>();
  let records = countRecords(database);
  let readBytes = 0;
  let stopped = false;

  /** Follows folders that have come, and lets go of those that are another one now or none. */
  const rescan = (): void => {
    const found = new Map(
      findJournals(paths).map((folder) => [`${folder.auditDir} ${folder.identity}`, folder]),
    );
    const next = new Map<string, FollowedJournal>();
    for (const [key, journal] of journals) {
      if (found.has(key)) next.set(key, journal);
      else journal.leave();
    }
    for (const [key, folder] of found) {
      if (!next.has(key)) next.set(key, followJournal(folder, { database, incidents, nowMs, taken }));
    }
    journals = next;
  };

  const refresh = async (due: readonly FollowedJournal[]): Promise<void> => {
    for (const journal of due) {
      while (!stopped && !journal.refresh()) await breathe();
      await breathe();
    }
  };

  const dueOf = (proxies: readonly string[] | undefined): readonly FollowedJournal[] => {
    const live = (): FollowedJournal[] =>
      [...journals.values()].filter(({ folder }) => !folder.archived && proxies?.includes(folder.name));
    if (proxies === undefined || new Set(live().map(({ folder }) => folder.name)).size < proxies.length) {
      rescan();
    }
    return proxies === undefined ? [...journals.values()].filter(isDue) : live();
  };

  const streams = () => [...journals.values()].flatMap((journal) => [...journal.streams.values()]);

  return {
    pass: async (proxies) => {
      const due = dueOf(proxies);
      await refresh(due);
      while (!stopped) {
        const step = projection.step(due);
        readBytes += step.bytes;
        records += step.records;
        records -= keeper.turn(step.records);
        await breathe();
        if (!step.busy && keeper.done) break;
      }
      if (proxies !== undefined || stopped) return;
      files.look();
      projection.writer.tidy();
    },
    stop: () => {
      stopped = true;
    },
    get stopped() {
      return stopped;
    },
    get doubtful() {
      return streams().some(({ doubts }) => doubts > 0);
    },
    get records() {
      return records;
    },
    get readBytes() {
      return readBytes;
    },
    get behindBytes() {
      return streams().reduce((sum, { behindBytes }) => sum + behindBytes, 0);
    },
    get problem() {
      const unreadable = streams().filter((stream) => stream.unreadable !== undefined);
      const [first] = unreadable;
      return first === undefined
        ? undefined
        : `${unreadable.length} journal files cannot be read: ${first.unreadable}`;
    },
  };
}

/** Nobody writes into the journal of a proxy that was removed: read once, it is read. */
function isDue({ folder, streams, whole }: FollowedJournal): boolean {
  return !folder.archived || !whole || streams.size > 0;
}
