'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { createDrafts, type Draft, isEdited, type SavedPolicyText } from './drafts.ts';

const drafts = createDrafts();

function warn(event: BeforeUnloadEvent): void {
  if (drafts.anyEdited) event.preventDefault();
}
// A listener that is always there would keep browsers from remembering the page.
let isWarning = false;
drafts.subscribe(() => {
  if (drafts.anyEdited === isWarning || typeof window === 'undefined') return;
  isWarning = drafts.anyEdited;
  if (isWarning) window.addEventListener('beforeunload', warn);
  else window.removeEventListener('beforeunload', warn);
});

export interface PolicyDraft {
  /** The file as it is now. */
  readonly saved: SavedPolicyText;
  readonly draft: Draft;
  readonly isEdited: boolean;
  /** The file was changed by someone else since the edits began. */
  readonly isStale: boolean;
  edit(text: string): void;
  discard(): void;
  /** What was saved is what the next edit begins with. */
  took(saved: SavedPolicyText): void;
  /** Reads the file again and puts the edits on top of it; how many places both had changed. */
  reapply(): Promise<number>;
}

export interface PolicyDraftQuery {
  readonly policy?: PolicyDraft;
  readonly error?: unknown;
  retry(): void;
}

/** The one draft of a proxy's policy; the edits stay when the component goes. */
export function usePolicyDraft(proxy: string): PolicyDraftQuery {
  const api = useApi();
  const query = useQuery(api.policies.read.queryOptions({ proxy }));
  const { data: saved, refetch } = query;
  useEffect(() => {
    if (saved !== undefined) drafts.saw(proxy, saved);
  }, [proxy, saved]);
  const draft = useSyncExternalStore(
    drafts.subscribe,
    () => drafts.of(proxy),
    () => undefined,
  );
  const retry = (): void => void refetch();
  if (saved === undefined || draft === undefined) {
    return { retry, ...(query.error === null ? {} : { error: query.error }) };
  }
  return {
    retry,
    policy: {
      saved,
      draft,
      isEdited: isEdited(draft),
      isStale: isEdited(draft) && saved.digest !== draft.base.digest,
      edit: (text) => drafts.edit(proxy, text),
      discard: () => drafts.discard(proxy, saved),
      took: (now) => drafts.discard(proxy, now),
      reapply: async () => {
        const { data } = await refetch({ throwOnError: true });
        return data === undefined ? 0 : drafts.reapply(proxy, data);
      },
    },
  };
}
