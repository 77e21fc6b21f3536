'use client';

import type { ReactNode } from 'react';
import { Banner } from './connection-banner.tsx';
import { EventToasts } from './event-toasts.tsx';

/** What is around every page that shows something. */
export function UnlockedFrame({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <Banner />
      <EventToasts />
      {children}
    </>
  );
}
