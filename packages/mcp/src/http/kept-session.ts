import { type IncomingMessage, idKey, type ResponseMessage } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import { createAwaitedAnswers } from './awaited-answers.ts';
import { followEventStream } from './event-stream.ts';
import type { HeaderList } from './header-list.ts';
import type { HttpCall } from './http-client.ts';
import { createHttpSession, revisionOf, sessionHeaders, sessionIdOf } from './http-session.ts';
import { type PostSession, postCall } from './post-call.ts';
import { takenMs, type WireParts } from './wire.ts';

/** How long the next message waits for the server's own stream to begin. Some servers say nothing before its first event. Milliseconds. */
const streamBeginsMs = 250;
/** A session that is found ended while nothing is called is opened again at most this often. Milliseconds. */
const idleRenewalMs = 60_000;
/** How long the end of a session may take. Milliseconds. */
const leaveMs = 1_000;

/** A session with a server of the stateful era that outlives its expiry, and the server's own stream in it. */
export interface KeptSession extends PostSession {
  headers(): HeaderList;
  /** The client sends `initialize`: whatever there was before is over. */
  begin(initialize: Buffer): void;
  /** The reply to `initialize` has begun. */
  named(header: unknown): void;
  /** `initialize` was answered, or got none. */
  answered(answer: ResponseMessage | undefined): void;
  /** The server has taken `notifications/initialized`. */
  confirmed(initialized: Buffer): void;
  /**
   * Opens the stream of what the server says on its own account, where it offers one. Settles when that is known, or
   * after a moment: what the server says in the meantime would be lost.
   */
  openServerStream(): Promise<void>;
  /** Ends the session at the server, and settles; never rejects. */
  leave(): Promise<void>;
}

export function createKeptSession(parts: WireParts): KeptSession {
  const { client, listener, endpoint, options, order, questions } = parts;
  const session = createHttpSession();
  let serverStream: HttpCall | undefined;
  let renewing: Promise<boolean> | undefined;
  let lastIdleRenewalMs = Number.NEGATIVE_INFINITY;
  let isLeaving = false;

  const closeServerStream = (): void => {
    serverStream?.abort();
    serverStream = undefined;
    questions.dropped(session);
  };

  const openServerStream = (): Promise<void> => {
    if (serverStream !== undefined || isLeaving) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, streamBeginsMs);
      const begun = (): void => {
        clearTimeout(timer);
        resolve();
      };
      serverStream = followEventStream({
        client,
        url: () => endpoint.url,
        headers: () => [...parts.headers, ...session.headers()],
        lineLimitBytes: options.lineLimitBytes,
        lane: 'stream',
        isPatient: true,
        isLasting: true,
        silentMs: 0,
        sink: {
          message: (message, line) => {
            questions.heard(message, session);
            listener.line(line, message);
          },
          oversize: listener.oversize,
        },
        begun,
        over: ({ status }) => {
          // Servers need not offer it; but one that does not know the session has forgotten the client.
          begun();
          if (status === 404 && session.id !== undefined) renewIdle();
        },
      });
    });
  };

  /** A client that only listens would not learn that its session has ended; it is opened again, though not time after time. */
  const renewIdle = (): void => {
    if (performance.now() - lastIdleRenewalMs < idleRenewalMs) return;
    lastIdleRenewalMs = performance.now();
    void renew(session.generation);
  };

  /** Opens the session again with the client's own handshake, once for all calls that found it ended. */
  const renew = (generation: number): Promise<boolean> => {
    if (session.generation !== generation && renewing === undefined)
      return Promise.resolve(!session.hasEnded);
    renewing ??= shakeHands().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  const shakeHands = async (): Promise<boolean> => {
    const { initialize, initialized, revision } = session;
    session.ended();
    if (initialize === undefined || isLeaving) return false;
    const release = order.hold();
    try {
      closeServerStream();
      const opened = await offer(initialize);
      // Another revision than the client knows of would change what its messages mean.
      if (opened === undefined || opened.revision !== revision) {
        if (opened?.id !== undefined) end(opened.id);
        return false;
      }
      session.adopt(opened.id);
      if (initialized !== undefined) {
        await repeat(initialized);
        await openServerStream();
      }
      options.onEvent({ kind: 'session_renewed' });
      return true;
    } finally {
      release();
    }
  };

  /** Posts the client's `initialize` again. Its answer is ours; settles with what the server offers, if anything. */
  const offer = (
    initialize: Buffer,
  ): Promise<{ readonly id: string | undefined; readonly revision: string } | undefined> =>
    new Promise((resolve) => {
      const request = checkMessage(initialize);
      let id: string | undefined;
      let revision: string | undefined;
      postCall(withoutAccount(parts), {
        body: initialize,
        awaited: createAwaitedAnswers(request),
        headers: () => [],
        // The call that found the session ended has left its connection.
        lane: 'call',
        isPatient: false,
        isResumable: false,
        accepted: (headers) => {
          id = sessionIdOf(headers['mcp-session-id']);
        },
        deliver: (message, line) => {
          if (!isAnswerTo(request, message)) return listener.line(line, message);
          revision = revisionOf(message);
          resolve(revision === undefined ? undefined : { id, revision });
        },
        failed: () => resolve(undefined),
        over: () => resolve(undefined),
      });
    });

  /** Posts the client's `notifications/initialized` again, and settles when the server has taken it or has not. */
  const repeat = (initialized: Buffer): Promise<void> =>
    new Promise((resolve) => {
      postCall(withoutAccount(parts), {
        body: initialized,
        awaited: createAwaitedAnswers(),
        headers: session.headers,
        lane: 'call',
        replyMs: takenMs,
        isPatient: false,
        isResumable: false,
        deliver: (message, line) => listener.line(line, message),
        failed: () => undefined,
        over: resolve,
      });
    });

  /** Tells the server that a session is over. */
  const end = (id: string): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, leaveMs).unref();
      const over = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const headers = [...parts.headers, ...sessionHeaders(id, session.revision)];
      const request = { method: 'DELETE', lane: 'notification', url: endpoint.url, headers } as const;
      client.send(request, { head: over, data: () => undefined, ended: over, failed: over });
    });

  return {
    get generation() {
      return session.generation;
    },
    get id() {
      return session.id;
    },
    get hasEnded() {
      return session.hasEnded;
    },
    renew,
    headers: session.headers,
    begin: (initialize) => {
      closeServerStream();
      session.begin(initialize);
    },
    named: (header) => session.named(sessionIdOf(header)),
    answered: (answer) => session.answered(answer === undefined ? undefined : revisionOf(answer)),
    confirmed: session.confirmed,
    openServerStream,
    leave: async () => {
      isLeaving = true;
      closeServerStream();
      if (session.id !== undefined && !session.hasEnded) await end(session.id);
    },
  };
}

/** For bytes that nobody has handed over for sending. */
const withoutAccount = (parts: WireParts): WireParts => ({ ...parts, left: () => undefined });

const isAnswerTo = (request: IncomingMessage, message: IncomingMessage): message is ResponseMessage =>
  message.kind === 'response' && request.kind === 'request' && idKey(message.id) === idKey(request.id);
