import { describe, expect, it } from 'vitest';
import type { SettingShown } from '../../src/api/config-answers.ts';
import {
  draftedValue,
  groupOf,
  readInteger,
  rebased,
  withChange,
} from '../../src/settings/settings-draft.ts';

const setting = (more: Partial<SettingShown>): SettingShown => ({
  key: 'limits.messageBytes',
  given: false,
  description: '',
  type: { kind: 'integer' },
  default: 10,
  takesEffect: 'client_restart',
  editable: true,
  ...more,
});

describe('[CONFIG-DRAFT] changes of settings that are not saved', () => {
  it('are none where they say what is saved', () => {
    const given = setting({ given: true, value: 5 });
    const draft = withChange(new Map(), given, 6);
    expect(draftedValue(given, draft)).toBe(6);
    expect(withChange(draft, given, 5).size).toBe(0);
    const back = withChange(draft, given, null);
    expect([back.get(given.key), draftedValue(given, back)]).toEqual([null, 10]);
    expect(withChange(new Map(), setting({}), null).size).toBe(0);
    // A value that is written down is another thing than the same as a default.
    expect(withChange(new Map(), setting({}), 10).size).toBe(1);
  });

  it('are kept where the file was changed by someone else, but for what says the same now', () => {
    const draft = new Map<string, number | null>([
      ['limits.messageBytes', 7],
      ['gone', 1],
    ]);
    expect([...rebased(draft, [setting({ given: true, value: 8 })])]).toEqual([['limits.messageBytes', 7]]);
    expect(rebased(draft, [setting({ given: true, value: 7 })]).size).toBe(0);
  });

  it('hold numbers that are some', () => {
    const bounds = { least: 1, most: 9 };
    expect([' 5 ', '', '1.5', 'x', '0', '10', '1e99'].map((text) => readInteger(text, bounds))).toEqual([
      5,
      'A whole number.',
      'A whole number.',
      'A whole number.',
      'At least 1.',
      'At most 9.',
      'A whole number.',
    ]);
    expect([groupOf('limits.rate.calls'), groupOf('enabled')]).toEqual(['limits', 'General']);
  });
});
