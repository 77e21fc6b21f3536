import type { ErrorCode } from '@mcp-acp/shared/errors';
import { type IncomingMessage, idKey, type RequestId } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import { createAwaitedAnswers, requestsIn } from './awaited-answers.ts';
import { createHttpSession } from './http-session.ts';
import { type PostCall, postCall } from './post-call.ts';
import { createSendOrder, type Turn, type Waiting } from './send-order.ts';
import { openSseStream, type SseStream } from './sse-stream.ts';
import type { Outgoing, Wire, WireParts } from './wire.ts';

export interface SseWire extends Wire {
  /** Opens the stream ahead of the first message. */
  open(): Promise<boolean>;
}

/** A request that was posted, until its answer comes on the stream. */
interface Posted {
  readonly id: RequestId;
  readonly sinceMs: number;
  readonly turn: Turn;
}

type Failure = { readonly code: ErrorCode; readonly detail: string };

const slowestSweepMs = 2_500;
const ignored: Turn = { sent: () => undefined, over: () => undefined };

/**
 * HTTP+SSE, the transport of 2024-11-05: one stream brings everything the server says and names the address that
 * messages are posted to. The session ends with the stream; it is opened again, with the client's own handshake, when
 * there is something to send.
 */
export function createSseWire(parts: WireParts): SseWire {
  const { listener, options } = parts;
  const session = createHttpSession();
  const order = createSendOrder(options.maxConnections);
  const posted = new Map<string | number, Posted>();
  let stream: SseStream | undefined;
  let opening: Promise<Failure | undefined> | undefined;
  /** A handshake of ours is under way: the id it waits for, and who wants to know. */
  let shaking: { readonly id: string | number; readonly settle: (isTaken: boolean) => void } | undefined;
  /** The client's own `initialize`, until it is answered. */
  let initializing: RequestId | undefined;
  let lastMessageMs = 0;

  const take = (id: RequestId): boolean => {
    const entry = posted.get(idKey(id));
    posted.delete(idKey(id));
    entry?.turn.over();
    return entry !== undefined;
  };
  const failAll = (ids: readonly RequestId[], failure: Failure): void => {
    for (const id of ids) if (take(id)) listener.failed(id, failure);
  };

  const deliver = (message: IncomingMessage, line: Buffer): void => {
    lastMessageMs = performance.now();
    if (message.kind === 'response' && shaking?.id === idKey(message.id)) {
      return shaking.settle(session.negotiated(message));
    }
    if (message.kind === 'response' && message.id === initializing) {
      initializing = undefined;
      session.negotiated(message);
    }
    for (const answer of message.kind === 'batch' ? message.members : [message]) {
      if (answer.kind === 'response') take(answer.id);
    }
    if (message.kind === 'refused' && message.id !== undefined && !message.hasMethod) take(message.id);
    listener.line(line, message);
  };

  const lost = (detail: string): void => {
    stream = undefined;
    shaking?.settle(false);
    failAll(
      [...posted.values()].map(({ id }) => id),
      { code: 'backend_connection_lost', detail },
    );
  };

  /** The stream, with a session where there was one before; or why there is none. */
  const ready = (): Promise<Failure | undefined> => {
    if (stream !== undefined && opening === undefined) return Promise.resolve(undefined);
    opening ??= connect().finally(() => {
      opening = undefined;
    });
    return opening;
  };

  const connect = async (): Promise<Failure | undefined> => {
    const sink = {
      message: deliver,
      oversize: (size: number, remains: Parameters<typeof listener.oversize>[1]) => {
        if (remains.id !== undefined && !remains.hasMethod) take(remains.id);
        listener.oversize(size, remains);
      },
    };
    let opened = await openSseStream(parts, sink, lost);
    // A kept connection may just be closing. Opening a stream runs nothing, so it is tried on a new one.
    if (opened.kind === 'failed' && opened.why === 'lost') opened = await openSseStream(parts, sink, lost);
    if (opened.kind === 'failed') {
      const { why, detail } = opened;
      return { code: why === 'refused' ? 'backend_refused' : 'backend_unreachable', detail };
    }
    stream = opened.stream;
    if (session.initialize === undefined || (await shakeHands(session.initialize, session.initialized)))
      return undefined;
    stream?.close();
    stream = undefined;
    return { code: 'backend_refused', detail: 'the session has ended and could not be opened again' };
  };

  const shakeHands = async (initialize: Buffer, initialized: Buffer | undefined): Promise<boolean> => {
    const [request] = requestsIn(checkMessage(initialize));
    if (request === undefined) return false;
    const isTaken = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), options.firstByteMs || 60_000);
      shaking = {
        id: idKey(request.id),
        settle: (result) => {
          clearTimeout(timer);
          shaking = undefined;
          resolve(result);
        },
      };
      postAgain(initialize, ignored, () => shaking?.settle(false));
    });
    if (!isTaken) return false;
    if (initialized !== undefined)
      await new Promise<void>((resolve) =>
        postAgain(initialized, { ...ignored, over: resolve }, () => resolve()),
      );
    options.onEvent({ kind: 'session_renewed' });
    return true;
  };

  /** Posts bytes of the handshake again, which nobody has sent a second time. */
  const postAgain = (body: Buffer, turn: Turn, refused: (failure: Failure) => void): void => {
    parts.left(-body.length);
    post(body, turn, refused);
  };

  /** Posts a message to the address the stream named; its answer, if any, comes on the stream. */
  const post = (body: Buffer, turn: Turn, refused: (failure: Failure) => void): void => {
    if (stream === undefined) {
      parts.left(body.length);
      refused({ code: 'backend_connection_lost', detail: 'the stream ended' });
      return turn.over();
    }
    const call: PostCall = {
      body,
      awaited: createAwaitedAnswers({ kind: 'batch', line: body, members: [] }),
      headers: session.headers,
      isPatient: false,
      isResumable: false,
      session: () => undefined,
      accepted: () => undefined,
      saw: () => undefined,
      deliver,
      again: () => undefined,
      renew: () => Promise.resolve(false),
      refused: () => false,
      failed: () => undefined,
      notTaken: refused,
    };
    postCall({ ...parts, endpoint: { url: stream.address } }, call, turn);
  };

  const start = ({ message, line }: Outgoing, turn: Turn): void => {
    const requests = requestsIn(message);
    const failed = (failure: Failure): void => {
      if (requests.length === 0) {
        options.onEvent({ kind: 'not_taken', what: message.kind, detail: failure.detail });
        return turn.over();
      }
      failAll(
        requests.map(({ id }) => id),
        failure,
      );
    };
    for (const { id } of requests) posted.set(idKey(id), { id, sinceMs: performance.now(), turn });
    void ready().then((failure) => {
      if (failure !== undefined) {
        parts.left(line.length);
        return failed(failure);
      }
      if (message.kind === 'request' && message.method === 'initialize') {
        initializing = message.id;
        session.begin(line);
      }
      if (message.kind === 'notification' && message.method === 'notifications/initialized')
        session.confirmed(line);
      // An answer ends the turn of a request, not the server's word that it got it.
      post(line, requests.length === 0 ? turn : { ...turn, over: turn.sent }, failed);
    });
  };

  const kindOf = (message: IncomingMessage): Waiting['kind'] => {
    if (requestsIn(message).length === 0) return 'notification';
    return message.kind === 'request' && message.method === 'initialize' ? 'handshake' : 'request';
  };

  const sweep = setInterval(
    () => {
      if (parts.questions.any()) lastMessageMs = performance.now();
      const nowMs = performance.now();
      const silent = [...posted.values()].filter(
        ({ sinceMs }) => nowMs - Math.max(sinceMs, lastMessageMs) > silenceMs,
      );
      failAll(
        silent.map(({ id }) => id),
        { code: 'backend_timeout', detail: `no message for ${silenceMs / 1000} s` },
      );
    },
    Math.max(50, Math.min(silenceMsOf(options) / 4, slowestSweepMs)),
  );
  sweep.unref();
  const silenceMs = silenceMsOf(options);
  if (silenceMs === 0) clearInterval(sweep);

  return {
    open: async () => (await ready()) === undefined,
    send: (outgoing) => {
      const { kind } = outgoing.message;
      if (kind === 'response' || kind === 'stray_error') return start(outgoing, ignored);
      order.add({ outgoing, kind: kindOf(outgoing.message), start: (turn) => start(outgoing, turn) });
    },
    leave: () => {
      clearInterval(sweep);
      stream?.close();
      return Promise.resolve();
    },
  };
}

/** How long the stream may say nothing while requests wait; 0 for ever. */
const silenceMsOf = ({ firstByteMs, idleMs }: WireParts['options']): number =>
  firstByteMs === 0 || idleMs === 0 ? 0 : Math.max(firstByteMs, idleMs);
