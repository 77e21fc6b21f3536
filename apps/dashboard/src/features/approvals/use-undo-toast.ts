'use client';

import type { Grant } from '@mcp-acp/shared/live/approval';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';
import { toast, toastWithAction } from '../../components/toast.tsx';
import type { Outcome } from './answer-words.ts';

/** Takes back a grant or a mute, and says whether there was still something to take back. */
export function useRevoke(): { readonly revoke: (grant: Grant) => void; readonly isBusy: boolean } {
  const api = useApi();
  const { mutate, isPending } = useMutation(
    api.proxy.revokeGrant.mutationOptions({
      onSuccess: ({ revoked }) => {
        if (revoked) toast.success('Revoked. The next such call is asked about again.');
        else toast.info('It was over already.');
      },
    }),
  );
  return {
    isBusy: isPending,
    revoke: ({ proxy, grant }) => mutate({ proxy: proxy.name, instance: proxy.instance, grant }),
  };
}

/** Says what was granted, with the way back beside it for as long as it is shown. */
export function useUndoToast(): (level: Outcome['level'], text: string, grant: Grant) => void {
  const { revoke } = useRevoke();
  return (level, text, grant) =>
    toastWithAction(level, text, {
      label: grant.effect === 'deny' ? 'Unmute' : 'Revoke',
      run: () => revoke(grant),
    });
}
