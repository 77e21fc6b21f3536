import { openPageClient, type PageClient } from '@mcp-acp/api/client/page-client';
import type { SocketClient } from '@mcp-acp/api/client/socket-client';
import type { AppRouter } from '@mcp-acp/api/router/app-router';
import { type ClientOptions, WebSocket } from 'ws';

/** An unlocked page as far as its requests go: a client that keeps its cookie and its token. With a code of its own, or a new one. */
export async function unlockPage(
  manager: SocketClient<AppRouter>,
  port: number,
  given?: string,
): Promise<PageClient> {
  const origin = `http://127.0.0.1:${port}`;
  let cookie = '';
  let token: string | undefined;
  const headers = (credentials?: RequestInit['credentials']): Record<string, string> => ({
    Origin: origin,
    'Sec-Fetch-Site': 'same-origin',
    ...(cookie === '' || credentials === 'omit' ? {} : { Cookie: cookie }),
  });
  class PageWebSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[], options?: ClientOptions) {
      super(url, protocols, { ...options, headers: headers() });
    }
  }
  const page = openPageClient({
    origin,
    token: () => token,
    browser: {
      fetch: async (url, init) => {
        const given = Object.fromEntries(new Headers(init?.headers));
        const response = await fetch(url, { ...init, headers: { ...given, ...headers(init?.credentials) } });
        cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
        return response;
      },
      WebSocket: PageWebSocket as never,
    },
  });
  const code = given ?? (await manager.api.access.createCode.mutate()).code;
  ({ token } = await page.api.access.unlock.mutate({ code }));
  return page;
}
