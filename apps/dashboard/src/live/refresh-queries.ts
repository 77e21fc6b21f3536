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

export function createRefresh(queryClient: QueryClient): RefreshQueries {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const drop = (): void => {
    for (const timer of waiting.values()) clearTimeout(timer);
    waiting.clear();
  };
  return {
    soon: (paths) => {
      for (const path of paths) {
        if (waiting.has(path)) continue;
        const refresh = (): void => {
          waiting.delete(path);
          void queryClient.invalidateQueries(underPath(path));
        };
        waiting.set(path, setTimeout(refresh, refreshAfterMs(path)));
      }
    },
    everything: () => {
      drop();
      void queryClient.invalidateQueries();
    },
    close: drop,
  };
}
