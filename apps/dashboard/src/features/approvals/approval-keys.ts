export type ApprovalKey = 'approve' | 'grant' | 'deny' | 'next' | 'previous';

const keys: Readonly<Record<string, ApprovalKey>> = {
  a: 'approve',
  g: 'grant',
  d: 'deny',
  j: 'next',
  k: 'previous',
};

export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
}

/** What a key means; nothing with another key held down, and nothing for a key that is held and repeats. */
export function approvalKey(pressed: PressedKey): ApprovalKey | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.shiftKey || pressed.isComposing) {
    return undefined;
  }
  const meant = Object.hasOwn(keys, pressed.key) ? keys[pressed.key] : undefined;
  return pressed.repeat && meant !== 'next' && meant !== 'previous' ? undefined : meant;
}

/** Places where a letter is typed, or picks what begins with it. */
export const typingPlaces =
  'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="menu"], [role="listbox"], [role="combobox"]';
