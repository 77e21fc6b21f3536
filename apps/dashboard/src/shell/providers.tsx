'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { currentSession, followSession, type PageSession, watchSession } from '../api/page-session.ts';
import { createQueryClient } from '../api/query-client.ts';
import { ApiProvider } from '../api/use-api.ts';
import { Toasts } from '../components/toast.tsx';
import { LiveUpdates } from '../live/live-updates.tsx';

const starting: PageSession = { state: 'starting' };

export const useSession = (): PageSession =>
  useSyncExternalStore(watchSession, currentSession, () => starting);

/** All that a page needs from above it. An unlocked page has the API; what is drawn without it is the frame alone. */
export function Providers({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  useEffect(followSession, []);
  return (
    <>
      {session.state === 'unlocked' ? <Unlocked session={session}>{children}</Unlocked> : children}
      <Toasts />
    </>
  );
}

function Unlocked({
  session,
  children,
}: {
  readonly session: Extract<PageSession, { state: 'unlocked' }>;
  readonly children: ReactNode;
}) {
  // What was read in one session is not shown in another.
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <ApiProvider trpcClient={session.client.api} queryClient={queryClient}>
        <LiveUpdates />
        {children}
      </ApiProvider>
    </QueryClientProvider>
  );
}
