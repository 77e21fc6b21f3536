import type { PageClientOptions } from '@mcp-acp/api/client/page-client';

/** Only `dev.mjs` sets it; in a build it is known to be undefined, and what follows from it is left out. */
const developedAgainst = process.env.NEXT_PUBLIC_MANAGER_ORIGIN;

/**
 * The page came from the manager, except while it is developed: then its requests go through `dev.mjs`, and what proves to
 * be the manager does so for the manager's own address.
 */
export const whereManagerIs: Omit<PageClientOptions, 'token'> =
  developedAgainst === undefined
    ? { origin: '' }
    : {
        origin: developedAgainst,
        browser: {
          fetch: (url, init) => fetch(String(url).replace(developedAgainst, ''), init),
          WebSocket: throughHere(developedAgainst),
        },
      };

function throughHere(origin: string): typeof WebSocket {
  if (typeof WebSocket === 'undefined') return undefined as never;
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(String(url).replace(origin.replace(/^http/, 'ws'), `ws://${location.host}`), protocols);
    }
  };
}
