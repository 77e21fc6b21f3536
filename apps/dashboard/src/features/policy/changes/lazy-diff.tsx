'use client';

import { Suspense } from 'react';
import { Loading } from '../../../components/skeleton.tsx';
import { lazyPart } from '../../../live/lazy-part.ts';

const DiffView = lazyPart(async () => (await import('./diff-view.tsx')).DiffView);

/** What differs between two texts; loaded when it is shown. */
export function Diff(props: { readonly before: string; readonly after: string; readonly label: string }) {
  if (props.before === props.after) return <p className="text-sm text-muted">There is no difference.</p>;
  return (
    <Suspense fallback={<Loading lines={4} />}>
      <DiffView {...props} />
    </Suspense>
  );
}
