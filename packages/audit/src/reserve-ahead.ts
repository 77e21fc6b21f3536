import type { Clock } from '@mcp-acp/shared/clock';
import { reserveStepBytes, type StreamFile } from './stream-file.ts';

/** A disk that took no reservation is asked again after this. */
const retryMs = 1_000;

/** Keeps space reserved ahead of a stream's records. Without it a sync also has to commit the file's new size. */
export interface ReserveAhead {
  /** To be called when records have been synced: reserves behind the current turn, where less than half a step is left. */
  look(): void;
  /** Nothing is reserved any more. */
  stop(): void;
}

export interface ReserveParts {
  readonly file: StreamFile;
  readonly clock: Clock;
  /** A step has been written and should be synced when nobody waits. */
  readonly onReserved: () => void;
}

export function createReserveAhead({ file, clock, onReserved }: ReserveParts): ReserveAhead {
  let scheduled = false;
  let stopped = false;
  let failedMs = Number.NEGATIVE_INFINITY;

  const short = (): boolean => !stopped && file.reservedBytes < reserveStepBytes / 2;

  const reserve = (): void => {
    scheduled = false;
    if (!short()) return;
    if (file.reserve()) onReserved();
    else failedMs = clock.monotonicMs();
  };

  return {
    look: () => {
      if (scheduled || !short() || clock.monotonicMs() - failedMs < retryMs) return;
      scheduled = true;
      setImmediate(reserve);
    },
    stop: () => {
      stopped = true;
    },
  };
}
