import type { QueryClient } from '@tanstack/react-query';
import { refreshAfterMs } from './what-changes.ts';

export interface RefreshQueries {
  /** These are asked for again soon; many events within that time cost one question. */
  soon(paths: readonly string[]): void;
  everything(): void;
  close(): void;
}

/** Keys of queries begin with the path of their procedure, part by part. */
const underPath = (path: string) => ({ queryKey: [path.split('.')] });

/** For an answer that is under way it is waited so long; then it is given up and asked for anew. Milliseconds. */
const patienceMs = 10_000;

export function createRefresh(queryClient: QueryClient): RefreshQueries {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const drop = (): void => {
    for (const timer of waiting.values()) clearTimeout(timer);
    waiting.clear();
  };
  const after = (path: string, waitedMs: number): void => {
    const ms = refreshAfterMs(path);
    const refresh = (): void => {
      // To ask anew ends what is under way: while events come faster than answers nothing would ever be known.
      if (waitedMs < patienceMs && queryClient.isFetching(underPath(path)) > 0)
        return after(path, waitedMs + ms);
      waiting.delete(path);
      void queryClient.invalidateQueries(underPath(path));
    };
    waiting.set(path, setTimeout(refresh, ms));
  };
  return {
    soon: (paths) => {
      for (const path of paths) if (!waiting.has(path)) after(path, 0);
    },
    everything: () => {
      drop();
      void queryClient.invalidateQueries();
    },
    close: drop,
  };
}
