import type { SettingShown } from '../../api/config-answers.ts';

export interface SettingSection {
  readonly title: string;
  readonly settings: readonly SettingShown[];
}

const sections: readonly { readonly title: string; readonly has: (key: string) => boolean }[] = [
  { title: 'Notifications', has: (key) => key === 'notifications' || key === 'openBrowser' },
  { title: 'Retention', has: (key) => key.startsWith('retention.') },
  { title: 'Manager', has: () => true },
];

/** Settings under the headings of the page, each once; a heading without any is left out. */
export const sectionsOf = (settings: readonly SettingShown[]): readonly SettingSection[] => {
  const placed = new Set<string>();
  return sections
    .map(({ title, has }) => ({
      title,
      settings: settings.filter(({ key }) => {
        if (placed.has(key) || !has(key)) return false;
        placed.add(key);
        return true;
      }),
    }))
    .filter((section) => section.settings.length > 0);
};
