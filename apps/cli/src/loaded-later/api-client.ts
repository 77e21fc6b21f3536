import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { openProxiesClient } from '@mcp-acp/api/client/proxies-client';
import { openSocketClient } from '@mcp-acp/api/client/socket-client';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import type { ProxyRouter } from '@mcp-acp/api/router/proxy-router';

/** How long a person waits for live state before they are told what the files say. Milliseconds. */
const answerMs = 5_000;

/** Clients of running programs, for the few commands that ask them. */
export const apiClient = {
  manager: (path: string) => openSocketClient<AppRouter>({ path, answerMs }),
  proxies: (socketOf: (proxy: string, instance: string | undefined) => string) =>
    openProxiesClient<ProxyRouter>({ socketOf, answerMs }),
  /** Any failure of a call as the one kind of error there is. */
  errorOf: acpErrorOf,
};

export type ManagerApi = ReturnType<typeof apiClient.manager>['api'];
export type ProxiesApi = ReturnType<typeof apiClient.proxies>['api'];
