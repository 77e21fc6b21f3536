'use client';

import { GrantsList } from './grants-list.tsx';
import { useGrants } from './use-grants.ts';

/** What was granted and muted in one proxy. */
export function GrantsOfProxy({ proxy }: { readonly proxy: string }) {
  const grants = useGrants(proxy);
  return <GrantsList grants={grants} showsProxy={false} />;
}
