import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { createRetention } from '@mcp-acp/db/retain';
import type { Clock } from '@mcp-acp/shared/clock';

/** How long and how much the history keeps. */
export interface RetentionSettings {
  readonly days: number;
  readonly megabytes: number;
}

export interface Keeper {
  /** A step of removing what is too old or too much, where it is time for one. Returns how many records went. */
  turn(added: number): number;
  /** Whether there is nothing left to remove. */
  readonly done: boolean;
}

export interface KeeperOptions {
  readonly clock: Clock;
  readonly settings: RetentionSettings;
}

/** How often it is looked whether anything has become too old, and after how many new records whether it is too much. */
const lookMs = 60_000;
const lookRecords = 2_000;
export const dayMs = 86_400_000;

export function createKeeper(database: HistoryDatabase, { clock, settings }: KeeperOptions): Keeper {
  const retention = createRetention(database);
  let lookAtMs = Number.NEGATIVE_INFINITY;
  let added = 0;
  let done = true;
  return {
    turn: (more) => {
      added += more;
      if (done && added < lookRecords && clock.monotonicMs() < lookAtMs) return 0;
      added = 0;
      lookAtMs = clock.monotonicMs() + lookMs;
      const step = retention.step({
        oldest: clock.now() - settings.days * dayMs,
        bytes: settings.megabytes * 1024 * 1024,
      });
      done = step.done;
      return step.removed;
    },
    get done() {
      return done;
    },
  };
}
