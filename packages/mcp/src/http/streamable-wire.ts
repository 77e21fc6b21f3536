import { isDeepStrictEqual } from 'node:util';
import {
  type IncomingMessage,
  idKey,
  memberValue,
  type NotificationMessage,
  type RequestMessage,
} from '../message.ts';
import { slot } from '../strict/slots.ts';
import { requestsIn } from './awaited-answers.ts';
import { headerList } from './header-list.ts';
import type { HttpCall } from './http-client.ts';
import { createKeptSession } from './kept-session.ts';
import { createMirroredParameters } from './mirrored-parameters.ts';
import { type PostCall, postCall } from './post-call.ts';
import { relistTools, saysHeadersMismatch } from './relist-tools.ts';
import { hasEnvelope, metadataHeaders } from './request-headers.ts';
import { createSendOrder, type Turn, type Waiting } from './send-order.ts';
import type { Outgoing, Wire, WireParts } from './wire.ts';

/** Requests whose reply is meant to be silent for long. */
const patientMethods: ReadonlySet<string> = new Set(['subscriptions/listen', 'tasks/result']);
/** What servers of HTTP+SSE answer to a POST ("Backward Compatibility"). */
const olderStatus: ReadonlySet<number> = new Set([400, 404, 405]);
/** How long what follows `notifications/initialized` waits until the server has taken that. Milliseconds. */
const confirmedMs = 5_000;
/** After its cancellation a call may still be answered for so long. Milliseconds. */
const cancelledMs = 5_000;

const nobody: Turn = { sent: () => undefined, over: () => undefined };

/** A request in the queue, on its way, or waiting for its answer. */
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
  const { listener, options } = parts;
  let hasReplied = false;
  const replied = (): void => {
    hasReplied = true;
    parts.replied();
  };
  const order = createSendOrder(options.maxConnections);
  const session = createKeptSession({ wire: parts, order, replied });
  const mirrored = createMirroredParameters();
  const running = new Map<string | number, Running>();

  const request = (message: RequestMessage, line: Buffer): void => {
    const isStateless = hasEnvelope(message);
    const isInitialize = message.method === 'initialize' && !isStateless;
    const waiting: Waiting = {
      outgoing: { message, line },
      kind: isInitialize ? 'handshake' : 'request',
      start: (turn) => {
        if (isInitialize) session.begin(line);
        const post = isStateless ? stateless(message, line) : stateful(message, line);
        if (post === undefined) return turn.over();
        entry.call = postCall(parts, post, followed(turn));
      },
    };
    const entry: Running = { waiting, isStateless, call: undefined, wasSent: false };
    const followed = (turn: Turn): Turn => ({
      sent: () => {
        entry.wasSent = true;
        turn.sent();
      },
      over: () => {
        if (running.get(idKey(message.id)) === entry) running.delete(idKey(message.id));
        turn.over();
      },
    });
    running.set(idKey(message.id), entry);
    order.add(waiting);
  };

  /** What both eras have in common. */
  const posted = (message: RequestMessage, line: Buffer): PostCall => ({
    ...session.post(message, line),
    isPatient: patientMethods.has(message.method),
    deliver: (reply, bytes) => {
      // An answer beside an error's status shows as well that the server speaks this transport.
      replied();
      listener.line(bytes, reply);
    },
    refused: (status) => {
      if (hasReplied || !olderStatus.has(status)) return false;
      void older({ message, line }, status);
      return true;
    },
  });

  const stateful = (message: RequestMessage, line: Buffer): PostCall => {
    const post = posted(message, line);
    if (message.method !== 'initialize') return post;
    return {
      ...post,
      accepted: (headers) => {
        replied();
        session.opened(headers['mcp-session-id']);
      },
      saw: session.sawInitializeReply,
    };
  };

  /** Undefined for a call that is not sent, since its tool asks for headers that cannot be. */
  const stateless = (message: RequestMessage, line: Buffer): PostCall | undefined => {
    const mirrors = mirrored.headersFor(message);
    if (mirrors.kind === 'invalid') {
      running.delete(idKey(message.id));
      parts.left(line.length);
      listener.failed(message.id, { code: 'tool_headers_invalid', detail: mirrors.problem });
      return undefined;
    }
    let headers = headerList({ ...metadataHeaders(message), ...mirrors.headers });
    const learn = async (): Promise<boolean> => {
      options.onEvent({ kind: 'tools_listed' });
      await relistTools(parts, message, mirrored.sawTools);
      const learnt = mirrored.headersFor(message);
      if (learnt.kind === 'invalid' || isDeepStrictEqual(learnt.headers, mirrors.headers)) return false;
      headers = headerList({ ...metadataHeaders(message), ...learnt.headers });
      return true;
    };
    return {
      ...posted(message, line),
      headers: () => headers,
      session: () => undefined,
      isResumable: false,
      saw: (reply) => {
        if (message.method === 'tools/list' && reply.kind === 'response') mirrored.sawTools(reply);
      },
      again: (answer) =>
        message.method === 'tools/call' && saysHeadersMismatch(answer) ? learn() : undefined,
    };
  };

  const older = async (first: Outgoing, status: number): Promise<void> => {
    hasReplied = true;
    const release = order.hold();
    if (await parts.tryOlder()) return parts.takeOver([first, ...order.clear()]);
    for (const { id } of requestsIn(first.message))
      listener.failed(id, { code: 'backend_refused', detail: `HTTP ${status}`, status });
    release();
  };

  const notification = (message: NotificationMessage, line: Buffer): void => {
    if (message.method === 'notifications/cancelled' && cancel(message)) return parts.left(line.length);
    const post = session.post(message, line);
    const isConfirmation = message.method === 'notifications/initialized';
    order.add({
      outgoing: { message, line },
      kind: isConfirmation ? 'handshake' : 'notification',
      start: (turn) => {
        if (!isConfirmation) return void postCall(parts, post, turn);
        session.confirmed(line);
        // A server that does not even take it holds up nothing for long.
        const timer = setTimeout(turn.over, confirmedMs);
        let isTaken = false;
        const accepted: PostCall['accepted'] = (headers) => {
          isTaken = true;
          post.accepted(headers);
        };
        const over = (): void => {
          clearTimeout(timer);
          if (isTaken) void confirmed(turn);
          else turn.over();
        };
        postCall(parts, { ...post, accepted }, { ...turn, over });
      },
    });
  };

  /** What follows the handshake waits until the server can say something on its own account. */
  const confirmed = async (turn: Turn): Promise<void> => {
    await session.openServerStream();
    turn.over();
  };

  /** Cancels a request by what it has come to. False where the server must be told by a message. */
  const cancel = (message: NotificationMessage): boolean => {
    const id = memberValue(message, slot.requestId);
    const entry = typeof id === 'string' || typeof id === 'number' ? running.get(idKey(id)) : undefined;
    if (entry === undefined) return false;
    if (order.remove(entry.waiting)) {
      running.delete(idKey(id as string | number));
      parts.left(entry.waiting.outgoing.line.length);
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

  const batch = (message: IncomingMessage, line: Buffer): void => {
    const post = session.post(message, line);
    const kind = post.awaited.size > 0 ? 'request' : 'notification';
    order.add({ outgoing: { message, line }, kind, start: (turn) => void postCall(parts, post, turn) });
  };

  return {
    send: ({ message, line }) => {
      switch (message.kind) {
        case 'request':
          return request(message, line);
        case 'notification':
          return notification(message, line);
        case 'batch':
          return batch(message, line);
        default:
          // A call may be waiting for this answer: it waits for none.
          postCall(parts, session.post(message, line), nobody);
      }
    },
    leave: session.leave,
  };
}
