import { createBell } from '@mcp-acp/api/events/bell';

export interface Lookers {
  readonly dashboards: number;
  readonly terminals: number;
}

/** Who would see a question, for proxies that want to know when that changes. */
export interface Watching {
  /** Pages of the dashboard that are open. */
  readonly dashboards: number;
  /** There are so many now. */
  set(dashboards: number): void;
  /** Somebody else who can answer listens, to one proxy or to all, until the returned function is called. */
  enter(proxy: string | undefined): () => void;
  /** How many there are for a proxy, now and whenever it is another number, until the signal is given. */
  counts(proxy: string, signal: AbortSignal): AsyncGenerator<Lookers>;
}

export function createWatching(): Watching {
  const bell = createBell();
  const readers = new Set<{ readonly proxy: string | undefined }>();
  let dashboards = 0;
  const terminalsOf = (name: string): number =>
    [...readers].filter(({ proxy }) => proxy === undefined || proxy === name).length;
  return {
    get dashboards() {
      return dashboards;
    },
    set: (open) => {
      if (open === dashboards) return;
      dashboards = open;
      bell.ring();
    },
    enter: (proxy) => {
      const reader = { proxy };
      readers.add(reader);
      bell.ring();
      return () => {
        if (readers.delete(reader)) bell.ring();
      };
    },
    async *counts(proxy, signal) {
      let told: Lookers | undefined;
      while (!signal.aborted) {
        const terminals = terminalsOf(proxy);
        if (told?.dashboards === dashboards && told.terminals === terminals) await bell.next(signal);
        else {
          told = { dashboards, terminals };
          yield told;
        }
      }
    },
  };
}
