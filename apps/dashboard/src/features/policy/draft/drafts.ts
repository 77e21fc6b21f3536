import { mergeTexts } from './merge-texts.ts';

/** A policy file as it was read. */
export interface SavedPolicyText {
  readonly text: string;
  readonly digest: string;
}

/** One text for list, editor, playground and replay. It differs from `base` where something was edited. */
export interface Draft {
  /** What the edits began with: the version that a save names. */
  readonly base: SavedPolicyText;
  readonly text: string;
}

export interface Drafts {
  of(proxy: string): Draft | undefined;
  /** Takes note of the file as it is. A draft without edits follows it; one with edits stays as it is. */
  saw(proxy: string, saved: SavedPolicyText): void;
  edit(proxy: string, text: string): void;
  discard(proxy: string, saved: SavedPolicyText): void;
  /** Puts the edits on top of what is there now; returns how many places both had changed. */
  reapply(proxy: string, saved: SavedPolicyText): number;
  readonly anyEdited: boolean;
  subscribe(listener: () => void): () => void;
}

export const isEdited = ({ base, text }: Draft): boolean => base.text !== text;

/** Drafts by proxy. They live as long as the page, so that changing tabs and pages loses none. */
export function createDrafts(): Drafts {
  const drafts = new Map<string, Draft>();
  const listeners = new Set<() => void>();
  const put = (proxy: string, draft: Draft): void => {
    drafts.set(proxy, draft);
    for (const tell of [...listeners]) tell();
  };
  return {
    of: (proxy) => drafts.get(proxy),
    saw: (proxy, saved) => {
      const draft = drafts.get(proxy);
      if (draft?.base.digest === saved.digest) return;
      if (draft === undefined || !isEdited(draft) || draft.text === saved.text) {
        put(proxy, { base: saved, text: saved.text });
      }
    },
    edit: (proxy, text) => {
      const draft = drafts.get(proxy);
      if (draft !== undefined && draft.text !== text) put(proxy, { ...draft, text });
    },
    discard: (proxy, saved) => put(proxy, { base: saved, text: saved.text }),
    reapply: (proxy, saved) => {
      const draft = drafts.get(proxy);
      if (draft === undefined) return 0;
      const { text, conflicts } = mergeTexts(draft.base.text, draft.text, saved.text);
      put(proxy, { base: saved, text });
      return conflicts;
    },
    get anyEdited() {
      return [...drafts.values()].some(isEdited);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
