import * as http from 'node:http';
import * as https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { backoffMs } from './backoff.ts';
import { createHttpAgents } from './http-agents.ts';

export interface HttpRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** The reply may be silent for ever: a stream that says something only when there is something to say. */
  readonly isPatient?: boolean;
}

/** What happens to one request. After `ended` or `failed` nothing more comes. */
export interface ReplyListener {
  /** It is connected and the body has been handed to the connection. */
  sent?(): void;
  head(status: number, headers: http.IncomingHttpHeaders): void;
  data(chunk: Buffer): void;
  /** The reply is complete. */
  ended(): void;
  failed(failure: HttpFailure): void;
}

/** `unreachable`: nothing was sent. `lost`, `timeout`: it may have been received, and may have run. */
export interface HttpFailure {
  readonly kind: 'unreachable' | 'lost' | 'timeout';
  readonly detail: string;
}

export interface HttpCall {
  /** Lets go of the connection. Nothing is reported any more. */
  abort(): void;
}

export interface HttpClient {
  send(request: HttpRequest, listener: ReplyListener): HttpCall;
  /** Connects ahead of the first request, which then finds its connection open. */
  warmUp(url: URL): void;
  /** Stops and resumes reading replies. */
  pause(): void;
  resume(): void;
  /** Lets go of everything; nothing is reported any more. */
  close(): void;
}

export interface HttpClientOptions {
  readonly connectMs: number;
  /** 0 waits for ever. */
  readonly firstByteMs: number;
  /** Longest silence inside a reply; 0 waits for ever. */
  readonly idleMs: number;
  /** Further attempts where no connection comes about. */
  readonly connectRetries: number;
  readonly onConnection: (event: ConnectionEvent) => void;
}

export type ConnectionEvent =
  | { readonly kind: 'retrying'; readonly error: string }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly error: string }
  | { readonly kind: 'failed'; readonly error: string };

/** After this much silence the system probes whether the other end of a connection still exists. Milliseconds. */
const probeMs = 15_000;

interface ActiveCall extends HttpCall {
  pause(): void;
  resume(): void;
}

/**
 * HTTP/1.1 over kept-alive connections. Connecting is tried several times, with backoff; a request that may have been
 * received is never sent twice, and redirects are the caller's business.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const agents = createHttpAgents();
  const active = new Set<ActiveCall>();
  let isPaused = false;
  let isClosed = false;

  const send = (request: HttpRequest, listener: ReplyListener): HttpCall => {
    let attempt = 0;
    let current: http.ClientRequest | undefined;
    let reply: http.IncomingMessage | undefined;
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    let rewind = (): void => undefined;

    const over = (): boolean => {
      if (isOver) return false;
      isOver = true;
      active.delete(call);
      clearTimeout(timer);
      return true;
    };
    const fail = (failure: HttpFailure): void => {
      if (!over()) return;
      current?.destroy();
      if (failure.kind === 'unreachable') options.onConnection({ kind: 'failed', error: failure.detail });
      // A new connection is tried at once, so that it is known whether the server is there before it is needed.
      if (failure.kind === 'lost' && !isClosed) {
        options.onConnection({ kind: 'lost', error: failure.detail });
        warmUp(request.url);
      }
      listener.failed(failure);
    };
    const limit = (ms: number, what: string): void => {
      clearTimeout(timer);
      if (ms > 0)
        timer = setTimeout(() => fail({ kind: 'timeout', detail: `${what} for ${ms / 1000} s` }), ms);
    };

    const attemptOnce = (): void => {
      let isConnected = false;
      const sender = request.url.protocol === 'https:' ? https : http;
      const pending = sender.request(request.url, {
        method: request.method,
        agent: agents.of(request.url),
        headers:
          request.body === undefined
            ? request.headers
            : { ...request.headers, 'content-length': String(request.body.length) },
      });
      current = pending;
      const connectFailed = (detail: string): void => {
        if (isOver) return;
        clearTimeout(timer);
        pending.destroy();
        if (attempt >= options.connectRetries) return fail({ kind: 'unreachable', detail });
        options.onConnection({ kind: 'retrying', error: detail });
        timer = setTimeout(attemptOnce, backoffMs(attempt++));
      };
      pending.once('socket', (socket: TLSSocket) => {
        const connected = (): void => {
          isConnected = true;
          if (isOver) return;
          limit(request.isPatient === true ? 0 : options.firstByteMs, 'no reply');
        };
        if (!socket.connecting && !isShakingHands(socket)) return connected();
        const deadline = setTimeout(
          () => connectFailed(`no connection within ${options.connectMs / 1000} s`),
          options.connectMs,
        );
        const settle = (): void => clearTimeout(deadline);
        pending.once('close', settle);
        socket.setKeepAlive(true, probeMs);
        socket.once(request.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          settle();
          connected();
        });
      });
      pending.once('finish', () => {
        if (!isOver) listener.sent?.();
      });
      pending.on('error', (error: NodeJS.ErrnoException) => {
        if (isOver || current !== pending) return;
        if (!isConnected) return connectFailed(reasonOf(error));
        fail({ kind: 'lost', detail: reasonOf(error) });
      });
      pending.once('response', (incoming) => {
        if (isOver) return void incoming.destroy();
        reply = incoming;
        options.onConnection({ kind: 'connected' });
        rewind = () => limit(request.isPatient === true ? 0 : options.idleMs, 'no data');
        rewind();
        listener.head(incoming.statusCode ?? 0, incoming.headers);
        if (isPaused) incoming.pause();
        incoming.on('data', (chunk: Buffer) => {
          if (isOver) return;
          rewind();
          listener.data(chunk);
        });
        incoming.once('end', () => {
          if (over()) listener.ended();
        });
        incoming.once('error', (error) => fail({ kind: 'lost', detail: reasonOf(error) }));
        incoming.once('close', () => fail({ kind: 'lost', detail: 'the connection was closed' }));
      });
      pending.end(request.body);
    };
    const call: ActiveCall = {
      abort: () => {
        if (over()) current?.destroy();
      },
      pause: () => {
        // Whoever is not read may be silent.
        if (reply !== undefined) clearTimeout(timer);
        reply?.pause();
      },
      resume: () => {
        if (reply !== undefined) rewind();
        reply?.resume();
      },
    };
    active.add(call);
    attemptOnce();
    return call;
  };

  /** One attempt; what comes of it is known before the first request needs it. */
  const warmUp = (url: URL): void => {
    agents.warmUp(url, (error) =>
      options.onConnection(
        error === undefined ? { kind: 'connected' } : { kind: 'failed', error: reasonOf(error) },
      ),
    );
  };

  const all = (act: (call: ActiveCall) => void): void => {
    for (const call of [...active]) act(call);
  };

  return {
    send,
    warmUp,
    pause: () => {
      isPaused = true;
      all((call) => call.pause());
    },
    resume: () => {
      isPaused = false;
      all((call) => call.resume());
    },
    close: () => {
      isClosed = true;
      all((call) => call.abort());
      agents.close();
    },
  };
}

/** A member that the types of Node leave out. */
const isShakingHands = (socket: TLSSocket): boolean =>
  (socket as { readonly secureConnecting?: boolean }).secureConnecting === true;

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === undefined) return error.message.slice(0, 200);
  // Node's text for several addresses tried in turn is empty.
  return error.message.includes(error.code) || error.message === ''
    ? error.code
    : `${error.code}: ${error.message.slice(0, 200)}`;
}
