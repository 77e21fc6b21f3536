import * as http from 'node:http';
import * as https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { backoffMs } from './backoff.ts';
import type { HeaderList } from './header-list.ts';
import { createHttpAgents, hostOf, type Lane, portOf } from './http-agents.ts';
import { lingerersBeside } from './lingering.ts';
import { createSilenceWatch, type Watched } from './silence-watch.ts';

export interface HttpRequest {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly url: URL;
  readonly headers: HeaderList;
  readonly lane: Lane;
  readonly body?: Buffer;
  /** How long its reply may be waited for at most, whatever is configured. Milliseconds. */
  readonly replyMs?: number;
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
  /** Whose request comes first: a connection is opened ahead of it. */
  readonly firstLane: Lane;
  /** Calls that have a connection at once. */
  readonly maxConnections: number;
  readonly onConnection: (event: ConnectionEvent) => void;
  /** The server is waiting for somebody itself: its silence is excused. */
  readonly isExcused: () => boolean;
}

export type ConnectionEvent =
  | { readonly kind: 'retrying'; readonly error: string }
  | { readonly kind: 'connected' }
  | { readonly kind: 'failed'; readonly error: string };

/** Bodies up to this are sent in one write with their headers. Bytes. */
const oneWriteBytes = 65_536;
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
  const most = options.maxConnections + lingerersBeside(options.maxConnections);
  const agents = createHttpAgents(most, options.firstLane);
  const active = new Set<ActiveCall>();
  let isPaused = false;
  let isClosed = false;

  const shortestMs = Math.min(
    ...[options.connectMs, options.firstByteMs, options.idleMs].filter((ms) => ms > 0),
  );
  const watch = createSilenceWatch(shortestMs);

  const send = (request: HttpRequest, listener: ReplyListener): HttpCall => {
    const isPatient = request.isPatient === true;
    const { url, method, body } = request;
    let attempt = 0;
    let current: http.ClientRequest | undefined;
    let reply: http.IncomingMessage | undefined;
    let retry: NodeJS.Timeout | undefined;
    let phase: 'connecting' | 'waiting' | 'reading' = 'connecting';
    let isOver = false;

    const over = (): boolean => {
      if (isOver) return false;
      isOver = true;
      active.delete(call);
      watch.remove(silence);
      clearTimeout(retry);
      return true;
    };
    const fail = (failure: HttpFailure): void => {
      if (!over()) return;
      current?.destroy();
      if (failure.kind === 'unreachable') options.onConnection({ kind: 'failed', error: failure.detail });
      // A new connection is tried at once, so that it is known whether the server is there before it is needed.
      if (failure.kind === 'lost' && !isClosed) warmUp(url);
      listener.failed(failure);
    };
    const enter = (next: typeof phase, limitMs: number): void => {
      phase = next;
      silence.limitMs = limitMs;
      silence.sinceMs = performance.now();
    };
    const silence: Watched = {
      sinceMs: 0,
      limitMs: 0,
      expired: () => {
        const seconds = `${silence.limitMs / 1000} s`;
        if (phase === 'connecting') return connectFailed(`no connection within ${seconds}`);
        if (options.isExcused()) return enter(phase, silence.limitMs);
        fail({ kind: 'timeout', detail: `no ${phase === 'waiting' ? 'reply' : 'data'} for ${seconds}` });
      },
    };
    const connectFailed = (detail: string): void => {
      if (isOver) return;
      const failed = current;
      current = undefined;
      failed?.destroy();
      if (attempt >= options.connectRetries) return fail({ kind: 'unreachable', detail });
      options.onConnection({ kind: 'retrying', error: detail });
      silence.limitMs = 0;
      retry = setTimeout(attemptOnce, backoffMs(attempt++));
    };

    const attemptOnce = (): void => {
      // Without a limit until it has a socket; then it is connecting, or connected already.
      enter('connecting', 0);
      const isSecure = url.protocol === 'https:';
      const pending = (isSecure ? https : http).request({
        method,
        agent: agents.of(url, request.lane),
        hostname: hostOf(url),
        port: portOf(url),
        path: `${url.pathname}${url.search}`,
        headers: headersOf(request) as string[],
      });
      current = pending;
      pending.once('socket', (socket: TLSSocket) => {
        const connected = (): void =>
          enter('waiting', request.replyMs ?? (isPatient ? 0 : options.firstByteMs));
        if (!socket.connecting && !isShakingHands(socket)) return connected();
        enter('connecting', options.connectMs);
        socket.setKeepAlive(true, probeMs);
        socket.once(isSecure ? 'secureConnect' : 'connect', () => {
          if (current === pending) connected();
        });
      });
      pending.once('finish', () => {
        if (!isOver) listener.sent?.();
      });
      pending.on('error', (error: NodeJS.ErrnoException) => {
        if (isOver || current !== pending) return;
        if (phase === 'connecting') return connectFailed(reasonOf(error));
        fail({ kind: 'lost', detail: reasonOf(error) });
      });
      // A connection may also go without a word, and without a reply.
      pending.once('close', () => {
        if (isOver || current !== pending || reply !== undefined) return;
        if (phase === 'connecting') connectFailed('the connection was closed');
        else fail({ kind: 'lost', detail: 'the connection was closed' });
      });
      pending.once('response', (incoming) => {
        if (isOver) return void incoming.destroy();
        reply = incoming;
        options.onConnection({ kind: 'connected' });
        enter('reading', isPatient ? 0 : options.idleMs);
        listener.head(incoming.statusCode ?? 0, incoming.headers);
        if (isPaused) call.pause();
        incoming.on('data', (chunk: Buffer) => {
          if (isOver) return;
          silence.sinceMs = performance.now();
          listener.data(chunk);
        });
        incoming.once('end', () => {
          if (over()) listener.ended();
        });
        incoming.once('error', (error) => fail({ kind: 'lost', detail: reasonOf(error) }));
        incoming.once('close', () => fail({ kind: 'lost', detail: 'the connection was closed' }));
      });
      if (body === undefined) pending.end();
      // One string leaves in one write together with the headers; in this encoding it is the bytes as they are.
      else if (body.length <= oneWriteBytes) pending.end(body.toString('latin1'), 'latin1');
      else pending.end(body);
    };
    const call: ActiveCall = {
      abort: () => {
        if (over()) current?.destroy();
      },
      pause: () => {
        if (reply === undefined) return;
        // Whoever is not read may be silent.
        silence.limitMs = 0;
        reply.pause();
      },
      resume: () => {
        if (reply === undefined) return;
        enter('reading', isPatient ? 0 : options.idleMs);
        reply.resume();
      },
    };
    active.add(call);
    watch.add(silence);
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
      watch.stop();
      all((call) => call.abort());
      agents.close();
    },
  };
}

const headersOf = ({ url, headers, body }: HttpRequest): HeaderList =>
  body === undefined
    ? ['host', url.host, ...headers]
    : ['host', url.host, ...headers, 'content-length', String(body.length)];

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
