import { type IncomingMessage, idKey } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import { createAwaitedAnswers } from './awaited-answers.ts';
import { followEventStream } from './event-stream.ts';
import type { HeaderList } from './header-list.ts';
import type { HttpCall } from './http-client.ts';
import { createHttpSession } from './http-session.ts';
import { type PostCall, postCall } from './post-call.ts';
import type { SendOrder, Turn } from './send-order.ts';
import type { WireParts } from './wire.ts';

/** How long the next message waits for the server's own stream to begin. Some servers say nothing before its first event. Milliseconds. */
const streamBeginsMs = 250;
/** How long the end of a session may take. Milliseconds. */
const leaveMs = 1_000;

/** A session with a server of the stateful era that outlives its expiry, and the server's own stream in it. */
export interface KeptSession {
  /** How messages of the session are posted; the caller says what differs. */
  post(message: IncomingMessage, body: Buffer): PostCall;
  /** The client sends `initialize`: whatever there was before is over. */
  begin(initialize: Buffer): void;
  /** The reply to `initialize` has begun. */
  opened(id: unknown): void;
  /** A message has come in the reply to `initialize`. */
  sawInitializeReply(message: IncomingMessage): void;
  /** The client sends `notifications/initialized`. */
  confirmed(initialized: Buffer): void;
  /**
   * Opens the stream of what the server says on its own account, where it offers one. Settles when that is known, or
   * after a moment: what the server says in the meantime would be lost.
   */
  openServerStream(): Promise<void>;
  /** Ends the session at the server, and settles; never rejects. */
  leave(): Promise<void>;
}

export interface KeptSessionParts {
  readonly wire: WireParts;
  readonly order: SendOrder;
  /** The server has taken a message. */
  readonly replied: () => void;
}

export function createKeptSession({ wire, order, replied }: KeptSessionParts): KeptSession {
  const { client, listener, endpoint, options } = wire;
  const session = createHttpSession();
  let serverStream: HttpCall | undefined;
  let renewing: Promise<boolean> | undefined;
  let isLeaving = false;

  const headers = (): HeaderList => [...wire.headers, ...session.headers()];

  const post = (message: IncomingMessage, body: Buffer): PostCall => ({
    body,
    awaited: createAwaitedAnswers(message),
    headers: session.headers,
    isPatient: false,
    isResumable: true,
    session: () => session.id,
    accepted: replied,
    saw: () => undefined,
    deliver: (reply, line) => listener.line(line, reply),
    again: () => undefined,
    renew,
    refused: () => false,
    failed: (id, failure) => listener.failed(id, failure),
    notTaken: ({ detail }) => options.onEvent({ kind: 'not_taken', what: whatIs(message), detail }),
  });

  const closeServerStream = (): void => {
    serverStream?.abort();
    serverStream = undefined;
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
        headers,
        lineLimitBytes: options.lineLimitBytes,
        isPatient: true,
        isLasting: true,
        sink: { message: (reply, line) => listener.line(line, reply), oversize: listener.oversize },
        begun,
        // Servers need not offer it.
        over: begun,
      });
    });
  };

  /** Opens the session again with the client's own handshake, once for all calls that found it ended. */
  const renew = (ended: string): Promise<boolean> => {
    if (session.id !== ended) return renewing ?? Promise.resolve(session.id !== undefined);
    renewing ??= shakeHands().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  const shakeHands = async (): Promise<boolean> => {
    const { initialize, initialized } = session;
    if (initialize === undefined || isLeaving) return false;
    const release = order.hold();
    try {
      closeServerStream();
      session.opened(undefined);
      const isOpen = await sendAgain(initialize);
      if (isOpen && initialized !== undefined) {
        await sendAgain(initialized);
        await openServerStream();
      }
      if (isOpen) options.onEvent({ kind: 'session_renewed' });
      return isOpen;
    } finally {
      release();
    }
  };

  /** Posts a message of the handshake again; its answer is ours and goes no further. Settles with whether it was taken. */
  const sendAgain = (body: Buffer): Promise<boolean> =>
    new Promise((resolve) => {
      const message = checkMessage(body);
      const isInitialize = message.kind === 'request';
      let isTaken = !isInitialize;
      const again: PostCall = {
        ...post(message, body),
        session: () => undefined,
        accepted: (reply) => {
          if (isInitialize) session.opened(reply['mcp-session-id']);
        },
        saw: (reply) => {
          // Another revision than the client knows of would change what its messages mean.
          if (isAnswerTo(message, reply)) isTaken = session.negotiated(reply);
        },
        deliver: (reply, line) => {
          if (!isAnswerTo(message, reply)) listener.line(line, reply);
        },
        failed: () => resolve(false),
        notTaken: () => resolve(false),
      };
      const turn: Turn = { sent: () => undefined, over: () => resolve(isTaken) };
      postCall({ ...wire, left: () => undefined }, again, turn);
    });

  return {
    post,
    begin: (initialize) => {
      closeServerStream();
      session.begin(initialize);
    },
    opened: session.opened,
    sawInitializeReply: (message) => {
      if (message.kind === 'response') session.negotiated(message);
    },
    confirmed: session.confirmed,
    openServerStream,
    leave: async () => {
      isLeaving = true;
      closeServerStream();
      if (session.id === undefined) return;
      await new Promise<void>((resolve) => {
        const over = (): void => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(over, leaveMs);
        const goodbye = { method: 'DELETE', url: endpoint.url, headers: headers() } as const;
        client.send(goodbye, { head: over, data: () => undefined, ended: over, failed: over });
      });
    },
  };
}

const isAnswerTo = (
  message: IncomingMessage,
  reply: IncomingMessage,
): reply is Extract<IncomingMessage, { kind: 'response' }> =>
  reply.kind === 'response' && message.kind === 'request' && idKey(reply.id) === idKey(message.id);

const whatIs = (message: IncomingMessage): string =>
  message.kind === 'notification' ? message.method : 'an answer';
