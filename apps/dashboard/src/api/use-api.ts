'use client';

import type { AppRouter } from '@mcp-acp/api/router/app-router';
import { createTRPCContext } from '@trpc/tanstack-react-query';

/**
 * `useApi()` makes options for TanStack Query (`useQuery(api.proxies.list.queryOptions())`); `useClient()` is tRPC's own
 * client, for what is no query. Both exist on an unlocked page alone, and pages are drawn on one alone.
 */
export const {
  TRPCProvider: ApiProvider,
  useTRPC: useApi,
  useTRPCClient: useClient,
} = createTRPCContext<AppRouter>();
