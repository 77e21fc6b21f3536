'use client';

import { CircleAlert, X } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { Button } from '../../components/button.tsx';
import { shownText } from '../../components/foreign-text.tsx';

/** Where a link led to a proxy that is not there (`/?unknown=name`). */
export function UnknownProxy() {
  const name = useSearchParams().get('unknown');
  if (name === null) return null;
  return (
    <div
      role="alert"
      className="mb-4 flex items-center gap-2.5 rounded-lg border border-warn/30 bg-warn-soft px-3.5 py-2"
    >
      <CircleAlert aria-hidden className="size-4 shrink-0 text-warn" />
      <p className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">
        There is no proxy named “{shownText(name, 80)}”. These are the ones there are.
      </p>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label="Dismiss"
        onClick={() => history.replaceState(null, '', location.pathname)}
      >
        <X aria-hidden />
      </Button>
    </div>
  );
}
