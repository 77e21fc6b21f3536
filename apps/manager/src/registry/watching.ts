import { createBell } from '@mcp-acp/api/events/bell';

/** How many pages of the dashboard are open, for those who want to know when it changes. */
export interface Watching {
  readonly dashboards: number;
  /** There are so many now. */
  set(dashboards: number): void;
  /** The number now, and whenever it is another one, until the signal is given. */
  counts(signal: AbortSignal): AsyncGenerator<number>;
}

export function createWatching(): Watching {
  const bell = createBell();
  let dashboards = 0;
  return {
    get dashboards() {
      return dashboards;
    },
    set: (open) => {
      if (open === dashboards) return;
      dashboards = open;
      bell.ring();
    },
    async *counts(signal) {
      let told: number | undefined;
      while (!signal.aborted) {
        if (told === dashboards) await bell.next(signal);
        else {
          told = dashboards;
          yield told;
        }
      }
    },
  };
}
