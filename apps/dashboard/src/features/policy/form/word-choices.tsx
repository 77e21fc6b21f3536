'use client';

import { useId } from 'react';
import { Checkbox } from '../../../components/checkbox.tsx';

/** Some words of a closed list; any of them. */
export function WordChoices({
  label,
  hint,
  words,
  chosen,
  onChange,
}: {
  readonly label: string;
  readonly hint: string;
  readonly words: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a box among others.
    <div role="group" aria-labelledby={id}>
      <div id={id} className="mb-1.5 text-xs font-medium">
        {label}
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {words.map((word) => (
          <Checkbox
            key={word}
            label={word}
            checked={chosen.includes(word)}
            onCheckedChange={(checked) =>
              onChange(checked ? [...chosen, word] : chosen.filter((other) => other !== word))
            }
          />
        ))}
      </div>
      <p className="mt-1 text-xs text-muted">{hint}</p>
    </div>
  );
}
