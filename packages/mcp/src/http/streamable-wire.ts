import { isDeepStrictEqual } from 'node:util';
import type { IncomingMessage, RequestMessage } from '../message.ts';
import { patientMethods } from '../patient-methods.ts';
import { createAwaitedAnswers, requestsIn } from './awaited-answers.ts';
import type { Call } from './calls.ts';
import { headerList } from './header-list.ts';
import { createKeptSession } from './kept-session.ts';
import { createMirroredParameters } from './mirrored-parameters.ts';
import { type PostCall, postCall } from './post-call.ts';
import { relistTools, saysHeadersMismatch } from './relist-tools.ts';
import { hasEnvelope, metadataHeaders } from './request-headers.ts';
import type { Turn } from './send-order.ts';
import { notTaken, type Outgoing, takenMs, type Wire, type WireParts } from './wire.ts';

/** What servers of HTTP+SSE answer to a POST ("Backward Compatibility"). */
const olderStatus: ReadonlySet<number> = new Set([400, 404, 405]);

export interface StreamableParts extends WireParts {
  /** The server has taken a message. */
  readonly replied: () => void;
  /**
   * The server refused the first request as servers do that only speak HTTP+SSE. Settles with whether it is one and
   * another wire carries the call.
   */
  readonly tryOlder: (call: Call, sent: () => void) => Promise<boolean>;
}

/**
 * Streamable HTTP as a client speaks it, in both eras: sessions, the server's own stream and resumption up to
 * 2025-11-25; from 2026-07-28 on headers that repeat the body, and a closed stream for a cancellation.
 */
export function createStreamableWire(parts: StreamableParts): Wire {
  const { listener, options, calls, order } = parts;
  const session = createKeptSession(parts);
  const mirrored = createMirroredParameters();
  let hasReplied = false;
  const replied = (): void => {
    hasReplied = true;
    parts.replied();
  };

  /** How messages of the stateful era are posted; the caller says what differs. */
  const inSession = (message: IncomingMessage, body: Buffer): PostCall => ({
    body,
    awaited: createAwaitedAnswers(message),
    headers: session.headers,
    lane: message.kind === 'notification' || message.kind === 'batch' ? 'notification' : 'answer',
    replyMs: takenMs,
    isPatient: false,
    isResumable: true,
    session,
    accepted: replied,
    deliver: (reply, line) => listener.line(line, reply),
    failed: ({ detail }) => options.onEvent(notTaken(message, detail)),
  });

  /** What the calls of both eras have in common. */
  const asCall = (call: Call, sent: () => void): PostCall => {
    const { message, line } = call.outgoing;
    const { replyMs: _, ...common } = inSession(message, line);
    return {
      ...common,
      lane: 'call',
      isPatient: message.kind === 'request' && patientMethods.has(message.method),
      sent,
      notRun: () => {
        call.phase = 'unsent';
      },
      deliver: (reply, bytes) => {
        // An answer beside an error's status shows as well that the server speaks this transport.
        replied();
        listener.line(bytes, reply);
      },
      refused: (status) => {
        if (hasReplied || !olderStatus.has(status)) return false;
        call.phase = 'unsent';
        void older(call, sent, status);
        return true;
      },
      failed: (failure) => calls.failed(call, failure),
    };
  };

  const initialize = (call: Call, sent: () => void): PostCall => {
    const common = asCall(call, sent);
    session.begin(call.outgoing.line);
    return {
      ...common,
      accepted: (headers) => {
        replied();
        session.named(headers['mcp-session-id']);
      },
      deliver: (reply, line) => {
        if (reply.kind === 'response' && requestsIn(call.outgoing.message)[0]?.id === reply.id)
          session.answered(reply);
        common.deliver(reply, line);
      },
      failed: (failure) => {
        session.answered(undefined);
        common.failed(failure);
      },
    };
  };

  /** Undefined for a call that is not sent, since its tool asks for headers that cannot be. */
  const stateless = (request: RequestMessage, call: Call, sent: () => void): PostCall | undefined => {
    const mirrors = mirrored.headersFor(request);
    if (mirrors.kind === 'invalid') {
      parts.left(call.outgoing.line.length);
      calls.failed(call, { code: 'tool_headers_invalid', detail: mirrors.problem });
      return undefined;
    }
    let headers = headerList({ ...metadataHeaders(request), ...mirrors.headers });
    const learn = async (): Promise<boolean> => {
      options.onEvent({ kind: 'tools_listed' });
      await relistTools(parts, request, mirrored.sawTools);
      const learnt = mirrored.headersFor(request);
      if (learnt.kind === 'invalid' || isDeepStrictEqual(learnt.headers, mirrors.headers)) return false;
      headers = headerList({ ...metadataHeaders(request), ...learnt.headers });
      return calls.isWanted(call);
    };
    const { session: _, ...common } = asCall(call, sent);
    return {
      ...common,
      headers: () => headers,
      isResumable: false,
      deliver: (reply, line) => {
        if (request.method === 'tools/list' && reply.kind === 'response') mirrored.sawTools(reply);
        common.deliver(reply, line);
      },
      again: (answer) =>
        request.method === 'tools/call' && saysHeadersMismatch(answer) ? learn() : undefined,
    };
  };

  const older = async (call: Call, sent: () => void, status: number): Promise<void> => {
    hasReplied = true;
    const release = order.hold();
    if (!(await parts.tryOlder(call, sent))) {
      calls.failed(call, { code: 'backend_refused', detail: `HTTP ${status}` });
    }
    release();
  };

  const carry = (call: Call, sent: () => void): void => {
    const { message } = call.outgoing;
    const isStateless = message.kind === 'request' && hasEnvelope(message);
    const isInitialize = message.kind === 'request' && message.method === 'initialize';
    const post = isStateless
      ? stateless(message, call, sent)
      : isInitialize
        ? initialize(call, sent)
        : asCall(call, sent);
    if (post === undefined) return;
    const posted = postCall(parts, post);
    call.stop = posted.abort;
    call.answered = posted.answered;
  };

  const notify = ({ message, line }: Outgoing, turn: Turn): void => {
    const post = inSession(message, line);
    if (message.kind !== 'notification' || message.method !== 'notifications/initialized') {
      postCall(parts, { ...post, sent: turn.sent, over: turn.over });
      return;
    }
    let isTaken = false;
    postCall(parts, {
      ...post,
      // On the connection of the handshake, which is open and free.
      lane: 'call',
      accepted: () => {
        replied();
        isTaken = true;
        session.confirmed(line);
      },
      sent: turn.sent,
      over: async () => {
        // What follows the handshake waits until the server can say something on its own account.
        if (isTaken) await session.openServerStream();
        turn.over();
      },
    });
  };

  return {
    carry,
    notify,
    reply: ({ message, line }) => void postCall(parts, inSession(message, line)),
    leave: session.leave,
  };
}
