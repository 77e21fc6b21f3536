'use client';

import { PageHeader } from '../../components/page-header.tsx';

export function ProxiesPage() {
  return <PageHeader title="Proxies" />;
}
