/** Where the router is reached over HTTP and, for subscriptions, over a WebSocket. */
export const pageEndpoint = '/trpc';

/** Carries a page's token; over a WebSocket it is the connection parameter `token`. */
export const tokenHeader = 'x-mcp-acp-token';

/**
 * What page and manager put under an HMAC-SHA-256 whose key is the SHA-256 of the page's token: a page has the token, the
 * manager the digest of it, and nobody else either. The name tells which session a page means. The proof is for the
 * address the page has asked, so that it is of no use to a program that got it from a manager at another one.
 */
export const pageNameText = 'mcp-acp: the name of a page';
export const proofText = (host: string, nonce: string): string =>
  ['mcp-acp: the proof of the manager', host, nonce].join('\n');
