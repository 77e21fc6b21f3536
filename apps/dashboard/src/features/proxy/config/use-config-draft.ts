'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { formatCounted } from '../../../components/format-number.ts';
import { toast } from '../../../components/toast.tsx';
import type { ConfigShown, SettingShown } from '../answers.ts';
import { type ConfigDraft, draftedValue, rebased, type SettingValue, withChange } from './config-draft.ts';

const none: ConfigDraft = new Map();

/** A proxy's settings with what is changed and not saved. The draft keeps to the version it was begun on. */
export function useConfigDraft(proxy: string) {
  const api = useApi();
  const queryClient = useQueryClient();
  const shown = useQuery(api.configs.show.queryOptions({ proxy }));
  const [draft, setDraft] = useState<ConfigDraft>(none);
  /** What the draft was begun on; the file may be another by now. */
  const [base, setBase] = useState<ConfigShown>();
  const config = draft.size > 0 && base !== undefined ? base : shown.data;
  const change = useMutation(
    api.configs.change.mutationOptions({
      meta: { ownError: true },
      onSuccess: async ({ changed }) => {
        setDraft(none);
        const later = changed.filter(({ takesEffect }) => takesEffect === 'client_restart').length;
        toast.success(
          later === 0
            ? 'Saved.'
            : `Saved. ${formatCounted(later, 'setting')} take effect once the client is restarted.`,
        );
        await queryClient.invalidateQueries(api.configs.show.queryFilter({ proxy }));
        await queryClient.invalidateQueries({ queryKey: [['proxy', 'config']] });
      },
      onError: (error) => {
        if (acpErrorOf(error).code === 'stale_edit') void shown.refetch();
      },
    }),
  );
  // While it is being saved, the file that changed is the one that was just written.
  const isStale =
    !change.isPending &&
    config !== undefined &&
    shown.data !== undefined &&
    config.digest !== shown.data.digest;
  return {
    config,
    error: shown.error,
    retry: () => void shown.refetch(),
    draft,
    isStale: isStale || (change.error !== null && acpErrorOf(change.error).code === 'stale_edit'),
    saveError: change.error,
    isSaving: change.isPending,
    valueOf: (setting: SettingShown): SettingValue | undefined => draftedValue(setting, draft),
    set: (setting: SettingShown, value: SettingValue | null): void => {
      if (draft.size === 0) setBase(shown.data);
      setDraft(withChange(draft, setting, value));
    },
    save: (): void => {
      if (config === undefined || draft.size === 0) return;
      const changes = [...draft].map(([key, value]) => ({ key, value }));
      change.mutate({ proxy, edited: config.digest, changes });
    },
    discard: (): void => {
      setDraft(none);
      change.reset();
    },
    /** Puts the changes on top of what the file says now. */
    rebase: (): void => {
      if (shown.data === undefined) return;
      setBase(shown.data);
      setDraft(rebased(draft, shown.data.settings));
      change.reset();
    },
  };
}
