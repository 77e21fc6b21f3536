/** How an HTTP backend is reached. Times are milliseconds; 0 waits for ever where a member says so. */
export interface HttpBackendOptions {
  readonly url: string;
  /** Sent with every request: credentials and the like. */
  readonly headers: Readonly<Record<string, string>>;
  /** `http`: Streamable HTTP, or HTTP+SSE where the server turns out to speak only that; `sse`: HTTP+SSE at once. */
  readonly transport: 'http' | 'sse';
  readonly connectMs: number;
  /** From sending a request to the first byte of its reply; 0 waits for ever. */
  readonly firstByteMs: number;
  /** Longest silence inside a reply; 0 waits for ever. */
  readonly idleMs: number;
  /** Further attempts to connect, with backoff. */
  readonly connectRetries: number;
  /** Requests that run at once, each on a connection of its own. */
  readonly maxConnections: number;
  /** One message, as on stdio. Bytes. */
  readonly lineLimitBytes: number;
  readonly onEvent: (event: BackendEvent) => void;
}

/** Whether a backend can be reached, as far as is known. */
export interface BackendState {
  readonly state: 'connecting' | 'connected' | 'reconnecting' | 'failed';
  /** Why there is no connection. Names the network's error, never a header or a body. */
  readonly error?: string;
}

export type BackendEvent =
  | ({ readonly kind: 'state' } & BackendState)
  /** The server had ended the session; it has been opened again with the client's own handshake. */
  | { readonly kind: 'session_renewed' }
  /** The server wanted arguments in headers that only its list of tools could tell; the list was asked for. */
  | { readonly kind: 'tools_listed' }
  /** A message that nobody awaits an answer to was not taken. */
  | { readonly kind: 'not_taken'; readonly what: string; readonly detail: string };
