import { createEventRing, type EventBatch, mostInBatch } from '@mcp-acp/api/events/event-ring';
import type { EventFilter, EventsPort } from '@mcp-acp/api/ports/events';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import type { EventLog, LoggedEvent } from './event-log.ts';

export interface EventHub extends EventsPort {
  /** `source` is the id the event had with the instance that told it. */
  publish(event: LiveEvent, source?: string): void;
  /** Called with every event, in the turn it is published in. */
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

/** Half a minute of what a busy installation tells. */
const mostKept = 32_768;
/** How long an event may wait for the log: what a manager that is killed takes with it, its proxies tell again. Milliseconds. */
const logMs = 250;
const pageLength = mostInBatch;

/** Joins what all proxies and the manager tell into one series, for any number of subscribers. */
export function createEventHub({ series, log, now }: EventHubOptions): EventHub {
  const ring = createEventRing<LiveEvent>({ series, most: mostKept, now });
  const observers: ((event: LiveEvent) => void)[] = [];
  const sources = new Map<string, string>();
  let unlogged: LoggedEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const batch = unlogged;
    unlogged = [];
    if (batch.length > 0) log.append(batch);
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
    yield* ring.read(from, signal, (event) => select(event, filter));
  }

  return {
    publish: (event, source) => {
      ring.push(event);
      if (source !== undefined && 'proxy' in event && event.proxy?.instance !== undefined) {
        sources.set(event.proxy.instance, source);
      }
      unlogged.push({ id: ring.lastId() ?? '', event, ...(source === undefined ? {} : { source }) });
      timer ??= setTimeout(flush, logMs).unref();
      for (const observer of observers) observer(event);
    },
    observe: (observer) => {
      observers.push(observer);
    },
    subscribe: (filter, lastEventId, signal) =>
      lastEventId === undefined
        ? ring.read(undefined, signal, (event) => select(event, filter))
        : resumed(lastEventId, filter, signal),
    lastSource: (instance) => sources.get(instance) ?? log.lastSource(instance),
    flush,
    get subscribers() {
      return ring.readers();
    },
  };
}

const passes = (event: LiveEvent, { proxy, types }: EventFilter): boolean => {
  if (types !== undefined && !types.includes(event.type)) return false;
  return proxy === undefined || ('proxy' in event && event.proxy?.name === proxy);
};

const select = (event: LiveEvent, filter: EventFilter): LiveEvent | undefined =>
  passes(event, filter) ? event : undefined;
