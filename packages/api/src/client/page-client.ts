import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  splitLink,
  type TRPCClient,
  type TRPCLink,
  wsLink,
} from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
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

export interface PageClient<Router extends AnyTRPCRouter = AppRouter> {
  readonly api: TRPCClient<Router>;
  close(): void;
}

/**
 * The dashboard's client, in a browser: queries and mutations in batches over HTTP, subscriptions over one WebSocket,
 * opened with the first of them. The token travels as a header or as a connection parameter, never in a URL.
 */
export function openPageClient<Router extends AnyTRPCRouter = AppRouter>({
  origin,
  token,
  browser,
}: PageClientOptions): PageClient<Router> {
  const socket = createWSClient({
    url: `${origin.replace(/^http/, 'ws')}${pageEndpoint}`,
    ...(browser === undefined ? {} : { WebSocket: browser.WebSocket }),
    lazy: { enabled: true, closeMs: 0 },
    connectionParams: () => ({ token: token() ?? '' }),
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 15_000 },
  });
  const overHttp = {
    url: `${origin}${pageEndpoint}`,
    ...(browser === undefined ? {} : { fetch: browser.fetch as never }),
    maxItems: 16,
    headers: (): Record<string, string> => {
      const held = token();
      return held === undefined ? {} : { [tokenHeader]: held };
    },
  };
  return {
    // The links want to be told of a transformer where a router has one; none of ours has.
    api: createTRPCClient<Router>({
      links: [
        splitLink({
          condition: ({ type }) => type === 'subscription',
          true: wsLink<AppRouter>({ client: socket }),
          false: httpBatchLink<AppRouter>(overHttp),
        }) as unknown as TRPCLink<Router>,
      ],
    }),
    close: () => void socket.close(),
  };
}
