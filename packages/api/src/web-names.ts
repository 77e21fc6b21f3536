/** Where the router is reached over HTTP and, for subscriptions, over a WebSocket. */
export const pageEndpoint = '/trpc';

/** Carries a page's token; over a WebSocket it is the connection parameter `token`. */
export const tokenHeader = 'x-mcp-acp-token';
