import type { IncomingHttpHeaders } from 'node:http';
import {
  type IncomingMessage,
  idKey,
  memberValue,
  type NotificationMessage,
  type RequestId,
  type RequestMessage,
  type ResponseMessage,
} from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import { slot } from '../strict/slots.ts';
import { createAwaitedAnswers, requestsIn } from './awaited-answers.ts';
import { followEventStream } from './event-stream.ts';
import type { HttpCall } from './http-client.ts';
import { createHttpSession } from './http-session.ts';
import { createMirroredParameters } from './mirrored-parameters.ts';
import { type PostCall, postCall } from './post-call.ts';
import { envelopeRevision, metadataHeaders } from './request-headers.ts';
import { createSendOrder, type Turn, type Waiting } from './send-order.ts';
import type { Outgoing, Wire, WireParts } from './wire.ts';

/** Requests whose reply is meant to be silent for long. */
const patientMethods: ReadonlySet<string> = new Set(['subscriptions/listen', 'tasks/result']);
/** What servers of HTTP+SSE answer to a POST ("Backward Compatibility"). */
const olderStatus: ReadonlySet<number> = new Set([400, 404, 405]);
/** How long the end of a session may take. Milliseconds. */
const leaveMs = 1_000;
/** After its cancellation a call may still be answered for so long. Milliseconds. */
const cancelledMs = 5_000;

/** A request on its way or in the queue. */
interface Running {
  readonly waiting: Waiting;
  readonly isStateless: boolean;
  call: HttpCall | undefined;
  wasSent: boolean;
}

export interface StreamableParts extends WireParts {
  /** The server has taken a message. */
  readonly replied: () => void;
  /**
   * The server refused the first request as servers do that only speak HTTP+SSE. Settles with whether it is one; then
   * another wire takes over what waits here, and this one is used no more.
   */
  readonly tryOlder: () => Promise<boolean>;
  readonly takeOver: (waiting: readonly Outgoing[]) => void;
}

/**
 * Streamable HTTP as a client speaks it, in both eras: sessions, the server's own stream and resumption up to
 * 2025-11-25; from 2026-07-28 on headers that repeat the body, and a closed stream for a cancellation.
 */
export function createStreamableWire(parts: StreamableParts): Wire {
  const { client, listener, endpoint, options } = parts;
  const session = createHttpSession();
  const order = createSendOrder(options.maxConnections);
  const mirrored = createMirroredParameters();
  const running = new Map<string | number, Running>();
  let serverStream: HttpCall | undefined;
  let renewing: Promise<boolean> | undefined;
  let hasReplied = false;
  let isLeaving = false;

  const sessionHeaders = (): Readonly<Record<string, string>> => session.headers();

  const replied = (): void => {
    hasReplied = true;
    parts.replied();
  };

  /** What most messages have in common; each says what differs. */
  const postOf = (message: IncomingMessage, body: Buffer): PostCall => ({
    body,
    awaited: createAwaitedAnswers(message),
    headers: sessionHeaders,
    isPatient: false,
    isResumable: true,
    session: () => session.id,
    accepted: replied,
    saw: () => undefined,
    deliver: (reply, line) => listener.line(line, reply),
    renew,
    refused: () => false,
    failed: (id, failure) => listener.failed(id, failure),
    notTaken: ({ detail }) => options.onEvent({ kind: 'not_taken', what: whatIs(message), detail }),
  });

  const older = async (first: Outgoing, status: number): Promise<void> => {
    hasReplied = true;
    const release = order.hold();
    if (await parts.tryOlder()) return parts.takeOver([first, ...order.clear()]);
    for (const { id } of requestsIn(first.message))
      listener.failed(id, { code: 'backend_refused', detail: `HTTP ${status}` });
    release();
  };

  const request = (message: RequestMessage, line: Buffer): void => {
    const outgoing = { message, line };
    const revision = envelopeRevision(message);
    const isInitialize = message.method === 'initialize' && revision === undefined;
    const key = idKey(message.id);
    const common = postOf(message, line);
    const start = (turn: Turn): void => {
      const mirrors = revision === undefined ? undefined : mirrored.headersFor(message);
      if (mirrors?.kind === 'invalid') {
        running.delete(key);
        parts.left(line.length);
        turn.over();
        return listener.failed(message.id, {
          code: 'tool_headers_invalid',
          detail: mirrors.problem,
        });
      }
      if (isInitialize) restart(line);
      const derived =
        revision === undefined ? undefined : { ...metadataHeaders(message, revision), ...mirrors?.headers };
      const post: PostCall = {
        ...common,
        ...(derived === undefined ? {} : { headers: () => derived, session: () => undefined }),
        isPatient: patientMethods.has(message.method),
        isResumable: derived === undefined,
        accepted: (headers: IncomingHttpHeaders) => {
          replied();
          if (isInitialize) session.opened(headers['mcp-session-id']);
        },
        saw: (reply) => {
          if (reply.kind === 'response' && reply.id === message.id) sawAnswer(message, reply, isInitialize);
        },
        refused: (status) => {
          if (hasReplied || !olderStatus.has(status)) return false;
          void older(outgoing, status);
          return true;
        },
      };
      const settled: Turn = {
        sent: () => {
          entry.wasSent = true;
          turn.sent();
        },
        taken: turn.taken,
        over: () => {
          if (running.get(key) === entry) running.delete(key);
          turn.over();
        },
      };
      entry.call = postCall(parts, post, settled);
    };
    const waiting: Waiting = { outgoing, kind: isInitialize ? 'handshake' : 'request', start };
    const entry: Running = { waiting, isStateless: revision !== undefined, call: undefined, wasSent: false };
    running.set(key, entry);
    order.add(waiting);
  };

  const sawAnswer = (message: RequestMessage, reply: ResponseMessage, isInitialize: boolean): void => {
    if (isInitialize) session.negotiated(reply);
    else if (message.method === 'tools/list') mirrored.sawTools(reply);
  };

  const restart = (initialize: Buffer): void => {
    serverStream?.abort();
    serverStream = undefined;
    session.begin(initialize);
  };

  const notification = (message: NotificationMessage, line: Buffer): void => {
    if (message.method === 'notifications/cancelled' && cancel(message)) return parts.left(line.length);
    const post = postOf(message, line);
    const isConfirmation = message.method === 'notifications/initialized';
    order.add({
      outgoing: { message, line },
      kind: 'notification',
      start: (turn) => {
        if (isConfirmation) session.confirmed(line);
        postCall(parts, isConfirmation ? { ...post, accepted: openServerStream } : post, turn);
      },
    });
  };

  /** Cancels a request by what it has come to. False where the server must be told by a message. */
  const cancel = (message: NotificationMessage): boolean => {
    const params = memberValue(message, slot.requestId);
    const id = typeof params === 'string' || typeof params === 'number' ? (params as RequestId) : undefined;
    const entry = id === undefined ? undefined : running.get(idKey(id));
    if (id === undefined || entry === undefined) return false;
    if (order.remove(entry.waiting)) {
      running.delete(idKey(id));
      return true;
    }
    if (entry.isStateless || !entry.wasSent) {
      entry.call?.abort();
      return true;
    }
    // A server may still answer, or close the stream without a word; or leave it open for ever.
    setTimeout(() => entry.call?.abort(), cancelledMs).unref();
    return false;
  };

  const openServerStream = (): void => {
    replied();
    if (serverStream !== undefined || isLeaving) return;
    serverStream = followEventStream({
      client,
      url: () => endpoint.url,
      headers: () => ({ ...options.headers, ...session.headers() }),
      lineLimitBytes: options.lineLimitBytes,
      isPatient: true,
      isLasting: true,
      sink: { message: (reply, line) => listener.line(line, reply), oversize: listener.oversize },
      // Servers need not offer it.
      over: () => undefined,
    });
  };

  /** Opens the session again with the client's own handshake, once for all calls that found it ended. */
  const renew = (ended: string): Promise<boolean> => {
    if (session.id !== ended) return renewing ?? Promise.resolve(session.id !== undefined);
    renewing ??= handshakeAgain().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  const handshakeAgain = async (): Promise<boolean> => {
    const { initialize, initialized } = session;
    if (initialize === undefined || isLeaving) return false;
    const release = order.hold();
    try {
      serverStream?.abort();
      serverStream = undefined;
      session.opened(undefined);
      const isOpen = await shake(initialize);
      if (isOpen && initialized !== undefined) await shake(initialized);
      if (isOpen) options.onEvent({ kind: 'session_renewed' });
      return isOpen;
    } finally {
      release();
    }
  };

  /** Posts bytes of the handshake again; what is answered is ours and goes no further. Settles with whether it was taken. */
  const shake = (body: Buffer): Promise<boolean> =>
    new Promise((resolve) => {
      const message = checkMessage(body);
      let isTaken = requestsIn(message).length === 0;
      const post: PostCall = {
        ...postOf(message, body),
        session: () => undefined,
        accepted: (headers) => {
          if (message.kind === 'request') session.opened(headers['mcp-session-id']);
          else openServerStream();
        },
        saw: (reply) => {
          // Another revision than the client knows of would change what its messages mean.
          if (reply.kind === 'response') isTaken = session.negotiated(reply);
        },
        deliver: (reply, line) => {
          if (reply.kind !== 'response') listener.line(line, reply);
        },
        failed: () => resolve(false),
        notTaken: () => resolve(false),
      };
      const ours = { ...parts, left: () => undefined };
      postCall(ours, post, { sent: () => undefined, taken: () => undefined, over: () => resolve(isTaken) });
    });

  const aside = (message: IncomingMessage, line: Buffer): void => {
    const ignored: Turn = { sent: () => undefined, taken: () => undefined, over: () => undefined };
    postCall(parts, postOf(message, line), ignored);
  };

  return {
    send: ({ message, line }) => {
      switch (message.kind) {
        case 'request':
          return request(message, line);
        case 'notification':
          return notification(message, line);
        case 'batch': {
          const post = postOf(message, line);
          const kind = post.awaited.size > 0 ? 'request' : 'notification';
          return order.add({
            outgoing: { message, line },
            kind,
            start: (turn) => void postCall(parts, post, turn),
          });
        }
        default:
          return aside(message, line);
      }
    },
    leave: async () => {
      isLeaving = true;
      serverStream?.abort();
      if (session.id === undefined) return;
      await new Promise<void>((resolve) => {
        const over = (): void => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(over, leaveMs);
        const headers = { ...options.headers, ...session.headers() };
        client.send(
          { method: 'DELETE', url: endpoint.url, headers },
          { head: over, data: () => undefined, ended: over, failed: over },
        );
      });
    },
  };
}

const whatIs = (message: IncomingMessage): string =>
  message.kind === 'notification' ? message.method : 'an answer';
