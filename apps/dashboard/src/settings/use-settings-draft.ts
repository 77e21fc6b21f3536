'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConfigShown, SettingShown } from '../api/config-answers.ts';
import { useApi } from '../api/use-api.ts';
import { toast } from '../components/toast.tsx';
import { type ConfigDraft, draftedValue, rebased, type SettingValue, withChange } from './settings-draft.ts';

const none: ConfigDraft = new Map();
const noneWrong: ReadonlySet<string> = new Set();

/** When a change that was saved takes effect. */
export type TakesEffect = SettingShown['takesEffect'];

/**
 * Settings of a proxy, or without one of the manager, with what is changed and not saved. The draft keeps to the version
 * it was begun on. `savedWords` says of a save what does not take effect at once.
 */
export function useSettingsDraft(
  proxy: string | undefined,
  savedWords: (effects: readonly TakesEffect[]) => string | undefined,
) {
  const api = useApi();
  const queryClient = useQueryClient();
  const target = proxy === undefined ? {} : { proxy };
  const shown = useQuery(api.configs.show.queryOptions(target));
  const [draft, setDraft] = useState<ConfigDraft>(none);
  /** What the draft was begun on; the file may be another by now. */
  const [base, setBase] = useState<ConfigShown>();
  /** Keys of fields in which something stands that is no value. */
  const [wrong, setWrong] = useState(noneWrong);
  /** Fields are made anew with each, so that what is typed in them goes. */
  const [round, setRound] = useState(0);
  const config = draft.size > 0 && base !== undefined ? base : shown.data;
  const change = useMutation(
    api.configs.change.mutationOptions({
      meta: { ownError: true },
      onSuccess: async ({ changed }) => {
        setDraft(none);
        setWrong(noneWrong);
        const words = savedWords(changed.map(({ takesEffect }) => takesEffect));
        toast.success(words === undefined ? 'Saved.' : `Saved. ${words}`);
        await queryClient.invalidateQueries(api.configs.show.queryFilter(target));
        await queryClient.invalidateQueries({ queryKey: [['proxy', 'config']] });
      },
      onError: (error) => {
        if (acpErrorOf(error).code === 'stale_edit') void shown.refetch();
      },
    }),
  );
  const isRefusedAsStale = change.error !== null && acpErrorOf(change.error).code === 'stale_edit';
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
    isStale: isStale || isRefusedAsStale,
    /** Why it could not be saved, where that is not that it is stale. */
    saveError: isRefusedAsStale ? null : change.error,
    isSaving: change.isPending,
    wrong,
    round,
    isTouched: draft.size > 0 || wrong.size > 0,
    canBeSaved: draft.size > 0 && wrong.size === 0 && !change.isPending,
    setWrong: ({ key }: SettingShown, isWrong: boolean): void =>
      setWrong((keys) => {
        if (keys.has(key) === isWrong) return keys;
        const next = new Set(keys);
        if (isWrong) next.add(key);
        else next.delete(key);
        return next;
      }),
    valueOf: (setting: SettingShown): SettingValue | undefined => draftedValue(setting, draft),
    set: (setting: SettingShown, value: SettingValue | null): void => {
      if (draft.size === 0) setBase(shown.data);
      setDraft(withChange(draft, setting, value));
    },
    save: (): void => {
      if (config === undefined || draft.size === 0 || wrong.size > 0) return;
      const changes = [...draft].map(([key, value]) => ({ key, value }));
      change.mutate({ ...target, edited: config.digest, changes });
    },
    discard: (): void => {
      setDraft(none);
      setWrong(noneWrong);
      setRound(round + 1);
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

export type SettingsDraft = ReturnType<typeof useSettingsDraft>;
