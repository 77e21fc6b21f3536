'use client';

import { Card, CardHeader } from '../../components/card.tsx';
import { RadioGroup } from '../../components/radio-group.tsx';
import { useRemembered } from '../../components/use-remembered.ts';

const appearances = ['system', 'light', 'dark'] as const;
type Choice = (typeof appearances)[number];

const labels: Readonly<Record<Choice, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };

/** Light or dark. `boot.js` puts it into effect; this browser remembers it. */
export function Appearance() {
  const [chosen, choose] = useRemembered('appearance', appearances, 'system');
  return (
    <Card aria-label="Appearance">
      <CardHeader title="Appearance" note="of this browser, at once" />
      <div className="px-4 py-3">
        <RadioGroup
          label="Colours"
          inline
          value={chosen}
          onValueChange={(value) => {
            choose(appearances.find((one) => one === value) ?? 'system');
            dispatchEvent(new Event('appearance'));
          }}
          options={appearances.map((value) => ({ value, label: labels[value] }))}
        />
      </div>
    </Card>
  );
}
