'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { toast } from '../../components/toast.tsx';
import type { ConfigShown, SettingShown } from '../proxy/answers.ts';
import {
  type ConfigDraft,
  draftedValue,
  rebased,
  type SettingValue,
  withChange,
} from '../proxy/config/config-draft.ts';

const none: ConfigDraft = new Map();

const restartWords = {
  at_once: undefined,
  manager_restart: 'Some take effect when the manager is restarted.',
  client_restart: 'Some take effect at the next start of each proxy.',
} as const;

/** The manager's own settings with what is changed and not saved. The draft keeps to the version it was begun on. */
export function useManagerSettings() {
  const api = useApi();
  const queryClient = useQueryClient();
  const shown = useQuery(api.configs.show.queryOptions({}));
  const [draft, setDraft] = useState<ConfigDraft>(none);
  const [base, setBase] = useState<ConfigShown>();
  const config = draft.size > 0 && base !== undefined ? base : shown.data;
  const change = useMutation(
    api.configs.change.mutationOptions({
      meta: { ownError: true },
      onSuccess: async ({ changed }) => {
        setDraft(none);
        const later = changed
          .map(({ takesEffect }) => restartWords[takesEffect])
          .find((words) => words !== undefined);
        toast.success(later === undefined ? 'Saved.' : `Saved. ${later}`);
        await queryClient.invalidateQueries(api.configs.show.queryFilter({}));
      },
    }),
  );
  const isRefusedAsStale = change.error !== null && acpErrorOf(change.error).code === 'stale_edit';
  return {
    settings: config?.settings,
    error: shown.error,
    retry: () => void shown.refetch(),
    draft,
    isStale:
      isRefusedAsStale ||
      (config !== undefined && shown.data !== undefined && config.digest !== shown.data.digest),
    saveError: isRefusedAsStale ? null : change.error,
    isSaving: change.isPending,
    valueOf: (setting: SettingShown): SettingValue | undefined => draftedValue(setting, draft),
    set: (setting: SettingShown, value: SettingValue | null): void => {
      if (draft.size === 0) setBase(shown.data);
      setDraft(withChange(draft, setting, value));
    },
    save: (): void => {
      if (config === undefined || draft.size === 0) return;
      change.mutate({ edited: config.digest, changes: [...draft].map(([key, value]) => ({ key, value })) });
    },
    discard: (): void => {
      setDraft(none);
      change.reset();
    },
    /** Puts the changes on top of what the file says now. */
    rebase: async (): Promise<void> => {
      const { data: newest } = await shown.refetch();
      if (newest === undefined) return;
      setBase(newest);
      setDraft(rebased(draft, newest.settings));
      change.reset();
    },
  };
}

export type ManagerSettings = ReturnType<typeof useManagerSettings>;
