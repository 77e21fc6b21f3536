'use client';

import { Lock } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { lockPage, type PageSession } from '../api/page-session.ts';
import { Button } from '../components/button.tsx';
import { classNames } from '../components/class-names.ts';
import { PageLink } from '../components/page-link.tsx';
import { setConnection } from '../live/connection.ts';
import { ConnectionState } from './connection-state.tsx';
import { IncidentCount, PendingCount } from './header-counts.tsx';

const places = [
  { href: '/', label: 'Proxies', within: ['/', '/proxy'] },
  { href: '/approvals', label: 'Approvals', within: ['/approvals'] },
  { href: '/incidents', label: 'Incidents', within: ['/incidents'] },
  { href: '/settings', label: 'Settings', within: ['/settings'] },
] as const;

const isWithin = (path: string, places: readonly string[]): boolean =>
  places.some((place) => path === place || (place !== '/' && path.startsWith(`${place}/`)));

export function AppHeader({ session }: { readonly session: PageSession }) {
  const path = usePathname();
  const isUnlocked = session.state === 'unlocked';
  useEffect(() => {
    if (session.state === 'locked') setConnection('locked');
  }, [session]);
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-canvas/90 backdrop-blur">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-4 px-4 sm:h-12 sm:flex-nowrap sm:px-6">
        <PageLink
          href="/"
          className="flex h-11 items-center gap-2 text-sm font-semibold tracking-tight sm:h-12"
        >
          <Mark />
          mcp-acp
        </PageLink>
        <nav
          aria-label="Main"
          className="order-last -mx-2 flex w-full gap-0.5 overflow-x-auto [scrollbar-width:none] sm:order-none sm:mx-0 sm:w-auto"
        >
          {places.map(({ href, label, within }) => {
            const isCurrent = isWithin(path, within);
            return (
              <span key={href} className="relative flex h-9 items-center sm:h-12">
                <PageLink
                  href={href}
                  aria-current={isCurrent ? 'page' : undefined}
                  className={classNames(
                    'flex h-8 items-center rounded-md px-2.5 text-sm font-medium transition-colors hover:text-ink',
                    isCurrent ? 'text-ink' : 'text-muted',
                  )}
                >
                  {label}
                </PageLink>
                {isUnlocked && href === '/approvals' && <PendingCount />}
                {isUnlocked && href === '/incidents' && <IncidentCount />}
                {isCurrent && (
                  <span aria-hidden className="absolute inset-x-2.5 -bottom-px h-0.5 rounded-full bg-ink" />
                )}
              </span>
            );
          })}
        </nav>
        <div className="ml-auto flex items-center gap-1">
          <ConnectionState />
          {isUnlocked && (
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Lock this page"
              title="Lock this page"
              onClick={() => void lockPage()}
            >
              <Lock aria-hidden />
            </Button>
          )}
        </div>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-5">
      <rect width="32" height="32" rx="8" className="fill-primary" />
      <path
        d="M16 6v20M9 11l-3 5 3 5M23 11l3 5-3 5"
        fill="none"
        className="stroke-on-primary"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
