'use client';

import { lazy, Suspense } from 'react';
import { Loading } from '../../../components/skeleton.tsx';

const DiffView = lazy(async () => ({ default: (await import('./diff-view.tsx')).DiffView }));

/** What differs between two texts; loaded when it is shown. */
export function Diff(props: { readonly before: string; readonly after: string; readonly label: string }) {
  if (props.before === props.after) return <p className="text-sm text-muted">There is no difference.</p>;
  return (
    <Suspense fallback={<Loading lines={4} />}>
      <DiffView {...props} />
    </Suspense>
  );
}
