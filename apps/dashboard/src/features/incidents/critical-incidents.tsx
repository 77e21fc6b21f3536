'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { useApi } from '../../api/use-api.ts';
import { lazyPart } from '../../live/lazy-part.ts';

const CriticalDialog = lazyPart(async () => (await import('./critical-dialog.tsx')).CriticalDialog);

/** Critical incidents nobody has acknowledged yet, over whatever page is open. */
export function CriticalIncidents() {
  const api = useApi();
  const queryClient = useQueryClient();
  const { data } = useQuery(api.history.incidents.queryOptions({ unreadOnly: true, limit: 50 }));
  const acknowledge = useMutation(
    api.history.readIncidents.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(api.history.incidents.pathFilter()),
    }),
  );
  const critical = data?.incidents.filter((incident) => incident.critical) ?? [];
  if (critical.length === 0) return null;
  return (
    <Suspense>
      <CriticalDialog
        incidents={critical}
        isBusy={acknowledge.isPending}
        onAcknowledge={() => acknowledge.mutate({ ids: critical.map(({ id }) => id) })}
      />
    </Suspense>
  );
}
