'use client';

import { usePathname } from 'next/navigation';
import { Component, type ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { ForeignText } from '../components/foreign-text.tsx';

/** Keeps the frame when a page breaks. Another page begins anew. */
export function ErrorBoundary({ children }: { readonly children: ReactNode }) {
  return <Boundary key={usePathname()}>{children}</Boundary>;
}

class Boundary extends Component<
  { readonly children: ReactNode },
  { readonly error?: unknown; readonly broken: boolean }
> {
  override state: { readonly error?: unknown; readonly broken: boolean } = { broken: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return <BrokenPage error={this.state.error} onRetry={() => this.setState({ broken: false })} />;
  }
}

export function BrokenPage({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="mx-auto mt-[10vh] max-w-md rounded-xl border border-line bg-surface p-6 shadow-card"
    >
      <h1 className="text-base font-semibold">This page broke</h1>
      <p className="mt-1 text-sm text-muted">
        Nothing was decided by it: proxies go on as they did, and what waits for you still waits.
      </p>
      <p className="mt-3 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs">
        <ForeignText text={error instanceof Error ? error.message : String(error)} max={500} />
      </p>
      <div className="mt-4 flex gap-2">
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
        <Button onClick={() => location.reload()}>Reload page</Button>
      </div>
    </div>
  );
}
