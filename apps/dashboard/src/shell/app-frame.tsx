'use client';

import type { ReactNode } from 'react';
import { Loading } from '../components/skeleton.tsx';
import { AppHeader } from './app-header.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { LockedPage } from './locked-page.tsx';
import { useSession } from './providers.tsx';
import { UnlockedFrame } from './unlocked-frame.tsx';

/** Header and place of every page. What needs the API is drawn on an unlocked page only. */
export function AppFrame({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-1.5 focus:shadow-raised"
      >
        Skip to the page
      </a>
      <AppHeader session={session} />
      {session.state === 'unlocked' ? (
        <UnlockedFrame>
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto w-full max-w-7xl flex-1 px-4 py-5 outline-none sm:px-6"
          >
            <ErrorBoundary>{children}</ErrorBoundary>
          </main>
        </UnlockedFrame>
      ) : (
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-7xl flex-1 px-4 py-5 outline-none sm:px-6"
        >
          {session.state === 'locked' ? (
            <LockedPage problem={session.problem} />
          ) : (
            <>
              <noscript>
                <p>
                  This page needs JavaScript. Everything it shows, the commands of mcp-acp show too: mcp-acp
                  status
                </p>
              </noscript>
              <Loading lines={4} />
            </>
          )}
        </main>
      )}
    </div>
  );
}
