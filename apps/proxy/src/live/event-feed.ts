import { createEventRing, type EventBatch, type WaitingReader } from '@mcp-acp/api/events/event-ring';
import { AcpError } from '@mcp-acp/shared/errors';
import type { EventOrigin, LiveEvent } from '@mcp-acp/shared/live/live-event';
import { type KeptEvent, liveEventOf } from './live-event-of.ts';
import { createReadingTurns } from './reading-turns.ts';

export interface EventFeed {
  push(event: KeptEvent): void;
  /** Tells the figures as they are when somebody reads this, unless they are told again before. */
  pushStatistics(): void;
  readers(): number;
  /** As the instance's port reads events. Throws AcpError('too_many_requests'). */
  read(lastEventId: string | undefined, signal: AbortSignal): AsyncIterable<EventBatch>;
  /** Hands over what there is. Settles when every reader has had it and its connection has taken it, or with the signal. */
  handOver(signal: AbortSignal): Promise<void>;
}

export interface EventFeedOptions {
  readonly origin: EventOrigin;
  readonly statistics: () => LiveEvent;
  /** Runs what nobody waits for. */
  readonly guarded: (task: () => void) => void;
}

/** A third of a second of the most an instance can do. */
const keptEvents = 16_384;
/** The manager is one of them. */
const mostReaders = 16;

type FedEvent = KeptEvent | { readonly kind: 'statistics' };

/** The newest events of an instance, for those who watch it. */
export function createEventFeed({ origin, statistics, guarded }: EventFeedOptions): EventFeed {
  const turns = createReadingTurns(guarded);
  const ring = createEventRing<FedEvent>({
    series: origin.instance,
    most: keptEvents,
    now: () => new Date().toISOString(),
    turn: (reader, signal) => {
      if (!reader.isBehind) hasAll(reader);
      return turns.turn(reader, signal);
    },
  });
  let newest: FedEvent | undefined;
  let hasAll = (_reader: WaitingReader): void => undefined;

  const toEvent = (fed: FedEvent): LiveEvent | undefined => {
    if (fed.kind !== 'statistics') return liveEventOf(fed, origin);
    return fed === newest ? statistics() : undefined;
  };

  const push = (event: FedEvent): void => {
    ring.push(event);
    if (ring.readers() > 0) turns.came();
  };

  return {
    push,
    pushStatistics: () => {
      newest = { kind: 'statistics' };
      push(newest);
    },
    readers: ring.readers,
    read: (lastEventId, signal) => {
      if (ring.readers() >= mostReaders)
        throw new AcpError('too_many_requests', `${mostReaders} readers watch this instance already.`);
      return ring.read(lastEventId, signal, toEvent);
    },
    handOver: (signal) => {
      if (ring.readers() === 0) return Promise.resolve();
      const served = new Set<WaitingReader>();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        hasAll = (reader) => {
          served.add(reader);
          if (served.size >= ring.readers()) resolve();
        };
        turns.now();
      });
    },
  };
}
