import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toast } from '../components/toast.tsx';
import { endSession } from './page-session.ts';

const mostRetries = 2;

function endIfLocked(error: unknown): boolean {
  if (acpErrorOf(error).code !== 'locked') return false;
  endSession('The session of this page is over.');
  return true;
}

/**
 * What is known is refreshed by live events (`live/what-changes.ts`), so it goes stale by itself only slowly. A failed
 * mutation is told in a toast, unless its `meta.ownError` says that whoever asked for it shows the error.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => void endIfLocked(error) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        if (endIfLocked(error) || mutation.meta?.ownError === true) return;
        const { message, fix } = acpErrorOf(error);
        toast.error(fix === undefined ? message : `${message} ${fix}`);
      },
    }),
    defaultOptions: {
      queries: {
        // The manager is on this machine: there is no network that could be down.
        networkMode: 'always',
        staleTime: 10_000,
        retry: (failures, error) => {
          const { code, httpStatus } = acpErrorOf(error);
          return code !== 'locked' && httpStatus >= 500 && failures < mostRetries;
        },
        retryDelay: (attempt) => Math.min(4_000, 500 * 2 ** attempt),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
