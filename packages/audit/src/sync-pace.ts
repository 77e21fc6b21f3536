/** A sync on the event loop's thread may take this long, or the next ones go to another thread. */
const fastMs = 1;
const verySlowMs = 5;
const slowInlineInARow = 3;
const fastAsyncInARow = 16;

/**
 * Chooses between syncing on this thread (cheapest while the disk is fast) and on another one (the event loop goes on
 * while the disk is slow). One very slow or a few slow syncs in a row change to the other thread, a run of fast ones
 * changes back.
 */
export interface SyncPace {
  readonly inline: boolean;
  took(ms: number): void;
}

export function createSyncPace(): SyncPace {
  let inline = true;
  let row = 0;
  return {
    get inline() {
      return inline;
    },
    took: (ms) => {
      const turning = inline ? ms >= fastMs : ms < fastMs;
      row = turning ? row + 1 : 0;
      if (row >= (inline ? slowInlineInARow : fastAsyncInARow) || (inline && ms >= verySlowMs)) {
        inline = !inline;
        row = 0;
      }
    },
  };
}
