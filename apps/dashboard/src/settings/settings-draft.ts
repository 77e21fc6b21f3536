import type { SettingShown } from '../api/config-answers.ts';

export type SettingValue = NonNullable<SettingShown['value']>;

/** What is changed and not saved: a value, or null for going back to the default. */
export type ConfigDraft = ReadonlyMap<string, SettingValue | null>;

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a setting would be, with the draft: its value or the one it has where nothing is given. */
export function draftedValue(setting: SettingShown, draft: ConfigDraft): SettingValue | undefined {
  const drafted = draft.get(setting.key);
  if (drafted === undefined) return setting.value ?? setting.default ?? undefined;
  return drafted ?? setting.default ?? undefined;
}

/** The draft with a change in it; what is as it was saved is no change. */
export function withChange(
  draft: ConfigDraft,
  setting: SettingShown,
  value: SettingValue | null,
): ConfigDraft {
  const next = new Map(draft);
  const isAsSaved = value === null ? !setting.given : setting.given && same(value, setting.value);
  if (isAsSaved) next.delete(setting.key);
  else next.set(setting.key, value);
  return next;
}

/** The draft that still means something in settings that were read anew. */
export function rebased(draft: ConfigDraft, settings: readonly SettingShown[]): ConfigDraft {
  let next: ConfigDraft = new Map();
  for (const setting of settings) {
    const value = draft.get(setting.key);
    if (value !== undefined && setting.editable) next = withChange(next, setting, value);
  }
  return next;
}

/** A number as it was typed, or why it is none. */
export function readInteger(
  text: string,
  { least, most }: { readonly least?: number | undefined; readonly most?: number | undefined },
): number | string {
  const value = Number(text.trim());
  if (text.trim() === '' || !Number.isSafeInteger(value)) return 'A whole number.';
  if (least !== undefined && value < least) return `At least ${least}.`;
  if (most !== undefined && value > most) return `At most ${most}.`;
  return value;
}

/** The part of a key before its first dot, under which settings are shown together. */
export const groupOf = (key: string): string =>
  key.includes('.') ? key.slice(0, key.indexOf('.')) : 'General';
