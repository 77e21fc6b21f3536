'use client';

import { RadioGroup } from '../../components/radio-group.tsx';
import type { PolicyDraft } from './draft/use-policy-draft.ts';

export type Under = 'saved' | 'draft';

/** Which policy judges: nothing is to choose while there is no edit. */
export function UnderPolicy({
  policy,
  value,
  onChange,
}: {
  readonly policy: PolicyDraft;
  readonly value: Under;
  readonly onChange: (value: Under) => void;
}) {
  if (!policy.isEdited) return null;
  return (
    <RadioGroup
      label="Under"
      inline
      value={value}
      onValueChange={(next) => onChange(next as Under)}
      options={[
        { value: 'draft', label: 'the draft' },
        { value: 'saved', label: 'the saved policy' },
      ]}
    />
  );
}

export const textUnder = (policy: PolicyDraft, under: Under): string =>
  under === 'draft' ? policy.draft.text : policy.saved.text;
