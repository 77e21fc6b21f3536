import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  splitLink,
  type TRPCClient,
  wsLink,
} from '@trpc/client';
import type { AppRouter } from '../router/app-router.ts';
import { pageEndpoint, tokenHeader } from '../web-names.ts';

export interface PageClientOptions {
  /** `http://127.0.0.1:8765`; nothing where the page itself came from there. */
  readonly origin: string;
  /** The page's half of its session, or undefined while it is locked. */
  readonly token: () => string | undefined;
  /** What a browser has of its own; a program that stands in for one brings it. */
  readonly browser?: {
    readonly fetch: typeof globalThis.fetch;
    readonly WebSocket: typeof globalThis.WebSocket;
  };
}

export interface PageClient {
  readonly api: TRPCClient<AppRouter>;
  close(): void;
}

/**
 * The dashboard's client, in a browser: queries and mutations in batches over HTTP, subscriptions over one WebSocket,
 * opened with the first of them. The token travels as a header or as a connection parameter, never in a URL.
 */
export function openPageClient({ origin, token, browser }: PageClientOptions): PageClient {
  const socket = createWSClient({
    url: `${origin.replace(/^http/, 'ws')}${pageEndpoint}`,
    ...(browser === undefined ? {} : { WebSocket: browser.WebSocket }),
    lazy: { enabled: true, closeMs: 0 },
    connectionParams: () => ({ token: token() ?? '' }),
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 15_000 },
  });
  return {
    api: createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: ({ type }) => type === 'subscription',
          true: wsLink<AppRouter>({ client: socket }),
          false: httpBatchLink<AppRouter>({
            url: `${origin}${pageEndpoint}`,
            ...(browser === undefined ? {} : { fetch: browser.fetch as never }),
            maxItems: 16,
            headers: () => {
              const held = token();
              return held === undefined ? {} : { [tokenHeader]: held };
            },
          }),
        }),
      ],
    }),
    close: () => void socket.close(),
  };
}
