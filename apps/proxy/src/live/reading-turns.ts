import { createBell } from '@mcp-acp/api/events/bell';
import type { WaitingReader } from '@mcp-acp/api/events/event-ring';

export interface ReadingTurns {
  /** Something came that readers may want. */
  came(): void;
  /** As an `EventRing` asks for a turn. */
  turn(reader: WaitingReader, signal: AbortSignal): Promise<void>;
  /** Gives a turn now. */
  now(): void;
}

/** How long events are gathered for readers that have had all there was. Milliseconds. */
const gatherMs = 50;
/** Readers rest this many times as long as their turn took: all of them together get a tenth of the thread. */
const restPerSpent = 9;
/** A turn that took long, because the machine was busy elsewhere, is not paid for longer than that. Milliseconds. */
const longestRestMs = 200;

/**
 * When those who watch an instance are given what has come: calls go before their being watched. Each reader takes one
 * batch a turn. What a turn costs is the time until all that follows from it on this thread is done, which for a reader
 * that is not held up ends with handing its batch to the system.
 */
export function createReadingTurns(guarded: (task: () => void) => void): ReadingTurns {
  const bell = createBell();
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  /** Before that there is no turn. */
  let restedMs = 0;
  let isTurn = false;
  let isWanted = false;

  const arrange = (atMs: number): void => {
    if (atMs >= dueMs) return;
    dueMs = atMs;
    clearTimeout(timer);
    timer = setTimeout(() => guarded(give), Math.max(0, atMs - performance.now())).unref();
  };

  const give = (): void => {
    clearTimeout(timer);
    timer = undefined;
    dueMs = Number.POSITIVE_INFINITY;
    isTurn = true;
    isWanted = false;
    const beganMs = performance.now();
    bell.ring();
    // Promises come before the next tick: by then every reader has been served, or waits for its connection.
    queueMicrotask(() => process.nextTick(() => guarded(() => over(beganMs))));
  };

  const over = (beganMs: number): void => {
    isTurn = false;
    const endedMs = performance.now();
    restedMs = endedMs + Math.min(longestRestMs, (endedMs - beganMs) * restPerSpent);
    if (isWanted) arrange(restedMs);
  };

  return {
    came: () => {
      if (timer === undefined) arrange(Math.max(restedMs, performance.now() + gatherMs));
    },
    turn: ({ isBehind }, signal) => {
      if (isBehind && isTurn) isWanted = true;
      else if (isBehind) arrange(Math.max(restedMs, performance.now()));
      return bell.next(signal);
    },
    now: give,
  };
}
