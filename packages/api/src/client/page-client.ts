import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  splitLink,
  type TRPCClient,
  type TRPCLink,
  wsLink,
} from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import type { AppRouter } from '../router/app-router.ts';
import { pageEndpoint, tokenHeader } from '../web-names.ts';
import { proveManager } from './prove-manager.ts';

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

const longestRetryMs = 4_000;

export interface PageClient<Router extends AnyTRPCRouter = AppRouter> {
  readonly api: TRPCClient<Router>;
  close(): void;
}

/**
 * The dashboard's client, in a browser: queries in batches over HTTP, mutations by themselves, subscriptions over one WebSocket,
 * opened with the first of them. The token travels as a header or as a connection parameter, never in a URL, and only
 * once what answers has proved to be the manager: again for each WebSocket, and for each request while none is open,
 * whose end would tell that the manager is gone. Without the proof an operation fails as `proveManager` says.
 */
export function openPageClient<Router extends AnyTRPCRouter = AppRouter>({
  origin,
  token,
  browser,
}: PageClientOptions): PageClient<Router> {
  const fetch = browser?.fetch ?? globalThis.fetch.bind(globalThis);
  /** A WebSocket is open that was opened to a manager which had proved itself. */
  let isHeld = false;
  /** What that one is shown. */
  let forSocket: string | undefined;
  const shownToken = async (): Promise<string | undefined> => {
    const held = token();
    if (held !== undefined && !isHeld) await proveManager({ origin, token: held, fetch });
    return held;
  };
  const letGo = (): void => {
    isHeld = false;
  };
  const socket = createWSClient({
    url: async () => {
      letGo();
      forSocket = await shownToken();
      return `${origin.replace(/^http/, 'ws')}${pageEndpoint}`;
    },
    onOpen: () => {
      isHeld = forSocket !== undefined;
    },
    onClose: letGo,
    onError: letGo,
    ...(browser === undefined ? {} : { WebSocket: browser.WebSocket }),
    // At once, then less and less often: a manager that starts waits some seconds for the pages of the one before.
    retryDelayMs: (attempt) => (attempt === 0 ? 0 : Math.min(longestRetryMs, 500 * 2 ** (attempt - 1))),
    lazy: { enabled: true, closeMs: 0 },
    connectionParams: () => ({ token: forSocket ?? '' }),
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 15_000 },
  });
  const overHttp = {
    url: `${origin}${pageEndpoint}`,
    fetch: (async (...request: Parameters<typeof fetch>) => {
      try {
        return await fetch(...request);
      } catch (error) {
        letGo();
        throw error;
      }
    }) as never,
  };
  const credentials = async (): Promise<Record<string, string>> => {
    const held = await shownToken();
    return held === undefined ? {} : { [tokenHeader]: held };
  };
  return {
    // The links want to be told of a transformer where a router has one; none of ours has.
    api: createTRPCClient<Router>({
      links: [
        splitLink({
          condition: ({ type }) => type === 'subscription',
          true: wsLink<AppRouter>({ client: socket }),
          false: splitLink({
            // Nobody who has clicked waits for what others may want to ask along with it. What has no input has no body by
            // itself, which the manager takes for a form of somebody else's page.
            condition: ({ type, input }) => type === 'mutation' && input !== undefined,
            true: httpLink<AppRouter>({
              ...overHttp,
              // Who unlocks has no session, or one that is over.
              headers: ({ op }) => (op.path === 'access.unlock' ? {} : credentials()),
            }),
            false: httpBatchLink<AppRouter>({ ...overHttp, maxItems: 16, headers: credentials }),
          }),
        }) as unknown as TRPCLink<Router>,
      ],
    }),
    close: () => void socket.close(),
  };
}
