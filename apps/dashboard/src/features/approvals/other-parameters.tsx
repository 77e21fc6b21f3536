'use client';

import { useId } from 'react';
import { ArgumentsView } from './arguments-view.tsx';
import type { Reading } from './use-reading.ts';

/** What is sent besides the arguments: no person who looks at those alone would know of it. */
export function OtherParameters({
  json,
  isCut,
  reading,
  onClosed,
}: {
  readonly json: string;
  /** More is sent than is here. */
  readonly isCut: boolean;
  readonly reading: Reading;
  readonly onClosed: (count: number) => void;
}) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="mt-2">
      <h4 id={heading} className="mb-1 text-xs font-medium">
        Also sent, beside the arguments
      </h4>
      <ArgumentsView json={json} label="Other parameters" reading={reading} onClosed={onClosed} />
      {isCut && (
        <p className="mt-1 text-xs text-warn">
          It is longer than can be shown here, so it cannot be approved.
        </p>
      )}
    </section>
  );
}
