import { createEventRing, type EventBatch, mostInBatch } from '@mcp-acp/api/events/event-ring';
import type { EventFilter, EventsPort } from '@mcp-acp/api/ports/events';
import { summaryOf } from '@mcp-acp/shared/live/event-summary';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import type { EventLog, LoggedEvent } from './event-log.ts';

export interface EventHub extends EventsPort {
  /** `source` is the id the event had with the instance that told it. */
  publish(event: LiveEvent, source?: string): void;
  /** Called with every event, whole, in the turn it is published in. */
  observe(observer: (event: LiveEvent) => void): void;
  /** The newest event of an instance that has been published here or before a restart. */
  lastSource(instance: string): string | undefined;
  /** Writes what waits for the log. */
  flush(): void;
  readonly subscribers: number;
}

export interface EventHubOptions {
  /** Of this start of the manager alone. */
  readonly series: string;
  readonly log: EventLog;
  readonly now: () => string;
}

/** Some seconds of what a busy installation tells. A subscriber who was away for longer reads the log first. */
const mostKept = 32_768;
/** How long an event may wait for the log: what a manager that is killed takes with it, its proxies tell again. Milliseconds. */
const logMs = 250;
const pageLength = mostInBatch;

/** Statistics that newer ones of their instance have followed are nothing to whoever has not read them yet. */
interface Kept {
  event: LiveEvent | undefined;
}

/**
 * Joins what all proxies and the manager tell into one series, for any number of subscribers, who get summaries of
 * statistics.
 */
export function createEventHub({ series, log, now }: EventHubOptions): EventHub {
  const ring = createEventRing<Kept>({ series, most: mostKept, now });
  const observers: ((event: LiveEvent) => void)[] = [];
  /** The newest statistics of each instance that is connected. */
  const newest = new Map<string, Kept>();
  let unlogged: LoggedEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const batch = unlogged;
    unlogged = [];
    if (batch.length > 0) log.append(batch);
  };

  const keep = (event: LiveEvent): void => {
    const kept: Kept = { event };
    if (event.type === 'statistics') {
      const { instance } = event.proxy;
      const before = newest.get(instance);
      if (before !== undefined) before.event = undefined;
      newest.set(instance, kept);
    } else if (event.type === 'proxy_disconnected') {
      newest.delete(event.proxy.instance);
    }
    ring.push(kept);
  };

  async function* resumed(
    afterId: string,
    filter: EventFilter,
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch> {
    let from = afterId;
    flush();
    while (!ring.keeps(from) && !signal.aborted) {
      const page = log.after(from, pageLength);
      // Not kept any more: the ring says that something is missing.
      if (page === undefined) break;
      // The newest of an earlier start: all that followed is in the ring.
      if (page.length === 0) from = `${series}.0`;
      else from = page.at(-1)?.id ?? from;
      const batch = page.filter(({ event }) => passes(event, filter));
      if (batch.length > 0) yield batch.map(({ id, event }) => [id, event]);
    }
    yield* ring.read(from, signal, (kept) => select(kept, filter));
  }

  return {
    publish: (event, source) => {
      const told = summaryOf(event);
      keep(told);
      unlogged.push({ id: ring.lastId() ?? '', event: told, ...(source === undefined ? {} : { source }) });
      timer ??= setTimeout(flush, logMs).unref();
      for (const observer of observers) observer(event);
    },
    observe: (observer) => {
      observers.push(observer);
    },
    subscribe: (filter, { lastEventId }, signal) =>
      lastEventId === undefined
        ? ring.read(undefined, signal, (kept) => select(kept, filter))
        : resumed(lastEventId, filter, signal),
    lastSource: (instance) => {
      flush();
      return log.lastSource(instance);
    },
    flush,
    get subscribers() {
      return ring.readers();
    },
  };
}

const passes = (event: LiveEvent, { proxy, types }: EventFilter): boolean => {
  const name = 'proxy' in event ? event.proxy?.name : undefined;
  // That something is missing concerns every type, and where it is not said whose it is, every proxy.
  if (event.type === 'resync') return proxy === undefined || name === undefined || name === proxy;
  if (types !== undefined && !types.includes(event.type)) return false;
  return proxy === undefined || name === proxy;
};

const select = ({ event }: Kept, filter: EventFilter): LiveEvent | undefined =>
  event !== undefined && passes(event, filter) ? event : undefined;
