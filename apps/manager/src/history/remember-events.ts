import { createEventRows, type EventRow, type EventRows } from '@mcp-acp/db/event-rows';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { closedInstances } from '@mcp-acp/db/positions';
import type { Clock } from '@mcp-acp/shared/clock';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import type { EventLog, LoggedEvent } from '../events/event-log.ts';

/** So many events are kept, some more for a while: more than the hub keeps in memory. */
const mostEvents = 40_000;
/** Instances whose newest event is known without the database. */
const mostSources = 4_000;
/** So many may wait for a database that cannot be written at the moment. */
const mostWaiting = 5_000;

/** The log of events on whatever database is open. Without one nothing is kept, and subscribers are told to ask anew. */
export interface RememberedEvents extends EventLog {
  /** Of this start: the first part of every event's id. */
  readonly series: string;
  use(database: HistoryDatabase | undefined): void;
}

export interface RememberParts {
  readonly clock: Clock;
  /** Runs what touches the database; undefined where it failed. */
  readonly attempt: <T>(act: () => T) => T | undefined;
}

export function rememberEvents({ clock, attempt }: RememberParts): RememberedEvents {
  let rows: EventRows | undefined;
  let epoch: number | undefined;
  let sources = new Map<string, string>();
  let waiting: EventRow[] = [];
  let unwritten = new Map<string, string>();
  /** Events were lost: what is in the database is not all that came before what will be. */
  let gap = false;

  /** True where everything is in the database. */
  const flush = (): boolean => {
    if (rows === undefined) return false;
    if (waiting.length === 0 && unwritten.size === 0) return true;
    const done = attempt(() => {
      if (gap) rows?.clear();
      rows?.append(waiting, unwritten);
      return true;
    });
    if (done !== true) return false;
    gap = false;
    waiting = [];
    unwritten = new Map();
    return true;
  };

  const place = (id: string): { readonly epoch: number; readonly n: number } | undefined => {
    const match = /^(\d{1,15})\.(\d{1,15})$/.exec(id);
    return match === null ? undefined : { epoch: Number(match[1]), n: Number(match[2]) };
  };

  const note = ({ event, source }: LoggedEvent, into: Map<string, string>): void => {
    if (source === undefined || !('proxy' in event) || event.proxy?.instance === undefined) return;
    into.set(event.proxy.instance, source);
  };

  return {
    get series() {
      epoch ??= attempt(() => rows?.nextEpoch(clock.now())) ?? Math.floor(clock.now() / 1000);
      return String(epoch);
    },
    use: (database) => {
      rows = undefined;
      if (database === undefined) return;
      attempt(() => {
        const opened = createEventRows(database, mostEvents);
        // Nothing more will come of an instance whose journal is closed.
        opened.forget(closedInstances(database, [...opened.remembered().keys()]));
        sources = new Map([...opened.remembered(), ...sources]);
        rows = opened;
      });
    },
    append: (events) => {
      for (const logged of events) {
        note(logged, unwritten);
        const at = place(logged.id);
        const { event } = logged;
        if (at !== undefined)
          waiting.push({ ...at, time: Date.parse(event.time), json: JSON.stringify(event) });
      }
      for (const [instance, source] of unwritten) {
        // Those that told something last are last.
        sources.delete(instance);
        sources.set(instance, source);
      }
      for (const [oldest] of sources) {
        if (sources.size <= mostSources) break;
        sources.delete(oldest);
      }
      if (flush() || waiting.length <= mostWaiting) return;
      waiting = [];
      gap = true;
    },
    after: (id, limit) => {
      const at = place(id);
      if (at === undefined || !flush()) return undefined;
      return attempt(() => rows?.after(at.epoch, at.n, limit))?.map((row) => ({
        id: `${row.epoch}.${row.n}`,
        event: JSON.parse(row.json) as LiveEvent,
      }));
    },
    lastSource: (instance) => sources.get(instance),
  };
}
