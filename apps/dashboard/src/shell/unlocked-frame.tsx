'use client';

import type { ReactNode } from 'react';
import { ApprovalsBanner, ApprovalsDrawer } from '../features/approvals/approvals-everywhere.tsx';
import { CriticalIncidents } from '../features/incidents/critical-incidents.tsx';
import { Banner } from './connection-banner.tsx';
import { EventToasts } from './event-toasts.tsx';

/** What is around every page that shows something. */
export function UnlockedFrame({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <Banner />
      <ApprovalsBanner />
      <EventToasts />
      {children}
      <ApprovalsDrawer />
      <CriticalIncidents />
    </>
  );
}
