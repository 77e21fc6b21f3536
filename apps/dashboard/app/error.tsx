'use client';

import { BrokenPage } from '../src/shell/error-boundary.tsx';

export default function PageError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return <BrokenPage error={error} onRetry={reset} />;
}
