import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { RequestFailure } from '../end.ts';
import type { IncomingMessage, RequestId } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import { type AwaitedAnswers, answerFrom } from './awaited-answers.ts';
import {
  defaultRetryMs,
  followEventStream,
  isEventStream,
  longestRetryMs,
  usableEventId,
} from './event-stream.ts';
import type { HttpCall, HttpFailure } from './http-client.ts';
import { maxRedirects, redirectOf } from './redirect.ts';
import { createJsonReply, createStreamReply, type ReplyReader, type ReplySink } from './reply-reader.ts';
import type { Turn } from './send-order.ts';
import type { WireParts } from './wire.ts';

/** One message to be posted, and what its reply means. */
export interface PostCall {
  readonly body: Buffer;
  /** The requests in it; none for a notification or an answer. */
  readonly awaited: AwaitedAnswers;
  readonly headers: () => Readonly<Record<string, string>>;
  /** Its reply may be silent for ever. */
  readonly isPatient: boolean;
  /** A stream that breaks off may be asked for again: the stateful era. */
  readonly isResumable: boolean;
  /** The session it belongs to; asked when it is sent. */
  readonly session: () => string | undefined;
  /** The reply has begun well. */
  accepted(headers: IncomingHttpHeaders): void;
  /** A message of the reply, before the listener gets it. */
  saw(message: IncomingMessage): void;
  deliver(message: IncomingMessage, line: Buffer): void;
  /** The server does not know the session any more. Settles with whether there is another one. */
  renew(session: string): Promise<boolean>;
  /** The server refused with this status and no answer. True where that is dealt with in another way. */
  refused(status: number): boolean;
  /** A request gets no answer. */
  failed(id: RequestId, failure: RequestFailure): void;
  /** What was no request was not taken. */
  notTaken(failure: RequestFailure): void;
}

/** A stream whose request is answered, and which the server does not close, is closed after this. Milliseconds. */
const lingerMs = 1_000;

const failureCodes: Readonly<Record<HttpFailure['kind'], ErrorCode>> = {
  unreachable: 'backend_unreachable',
  lost: 'backend_connection_lost',
  timeout: 'backend_timeout',
};

/**
 * Posts a message and reads its reply, whatever form it takes, to the last answer (Streamable HTTP, "Sending
 * Messages"). A redirect is followed and an expired session renewed before that, since neither has run the message.
 */
export function postCall(parts: WireParts, call: PostCall, turn: Turn): HttpCall {
  const { client, listener, endpoint, options } = parts;
  const { awaited } = call;
  const isRequest = awaited.size > 0;
  let current: HttpCall | undefined;
  let linger: NodeJS.Timeout | undefined;
  let isOver = false;
  let redirects = 0;
  let hasRenewed = false;

  const over = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(linger);
    parts.left(call.body.length);
    turn.over();
  };
  const fail = (code: ErrorCode, detail: string): void => {
    if (isOver) return;
    over();
    current?.abort();
    for (const id of awaited.takeAll()) call.failed(id, { code, detail });
    if (!isRequest) call.notTaken({ code, detail });
  };

  const send = (): void => {
    const session = call.session();
    let status = 0;
    let reply: { readonly kind: 'json' | 'stream'; readonly reader: ReplyReader } | undefined;
    let refusal: string | undefined;
    let eventId: string | undefined;
    let retryMs = defaultRetryMs;
    const isGood = (): boolean => status >= 200 && status < 300;

    const sink: ReplySink = {
      message: (message, line) => {
        if (isOver) return;
        const whole = attributed(message, reply?.kind === 'json' ? awaited : undefined);
        if (whole === undefined || (!isGood() && !isAnswerTo(whole, awaited))) {
          if (isGood()) fail('backend_unreadable', detailOf(message));
          return;
        }
        call.saw(whole);
        awaited.saw(whole);
        call.deliver(whole, whole === message ? line : lineOf(whole, line));
        if (isRequest && awaited.size === 0) answered();
      },
      oversize: (size, remains) => {
        if (isOver) return;
        const isKnown = remains.id !== undefined && awaited.has(remains.id);
        if (!isKnown && reply?.kind === 'json') return fail('backend_unreadable', `${size} bytes`);
        awaited.saw({ kind: 'refused', code: 'message_too_large', detail: undefined, size, ...remains });
        listener.oversize(size, remains);
        if (isRequest && awaited.size === 0) answered();
      },
    };

    const head = (code: number, headers: IncomingHttpHeaders): void => {
      status = code;
      const redirect = redirectOf(status, headers, endpoint.url);
      if (redirect?.kind === 'to' && redirects++ < maxRedirects) {
        endpoint.url = redirect.url;
        return again();
      }
      refusal = redirect?.kind === 'refused' ? redirect.detail : undefined;
      if (status === 404 && session !== undefined && !hasRenewed) {
        hasRenewed = true;
        current?.abort();
        void call.renew(session).then((isThere) => {
          if (isThere) send();
          else fail('backend_refused', 'HTTP 404: the session has ended and could not be opened again');
        });
        return;
      }
      turn.taken();
      if (isGood()) call.accepted(headers);
      const kind = replyKind(headers['content-type']);
      if (kind === 'json') reply = { kind, reader: createJsonReply(options.lineLimitBytes, sink) };
      else if (kind === 'stream' && isGood()) {
        const follow = {
          eventId: (id: string) => {
            eventId = usableEventId(id);
          },
          retry: (ms: number) => {
            retryMs = Math.min(Math.max(ms, 1), longestRetryMs);
          },
        };
        reply = { kind, reader: createStreamReply(options.lineLimitBytes, { ...sink, ...follow }) };
      }
    };

    const again = (): void => {
      current?.abort();
      send();
    };

    /** The reply is over; what it did not answer either goes on elsewhere or has failed. */
    const ended = (failure?: HttpFailure): void => {
      if (isOver) return;
      if (!isRequest) {
        if (failure !== undefined && status === 0) return fail(failureCodes[failure.kind], failure.detail);
        return isGood() ? over() : fail('backend_refused', refusal ?? `HTTP ${status}`);
      }
      if (awaited.size === 0) return over();
      if (
        reply?.kind === 'stream' &&
        call.isResumable &&
        eventId !== undefined &&
        failure?.kind !== 'timeout'
      ) {
        return resume({ eventId, retryMs });
      }
      if (failure !== undefined) return fail(failureCodes[failure.kind], failure.detail);
      if (!isGood()) {
        if (refusal === undefined && call.refused(status)) {
          awaited.takeAll();
          return over();
        }
        return fail('backend_refused', refusal ?? `HTTP ${status}`);
      }
      if (reply?.kind === 'stream')
        return fail('backend_connection_lost', 'the stream ended before the answer');
      fail('backend_refused', `HTTP ${status} without an answer`);
    };

    const resume = (after: { readonly eventId: string; readonly retryMs: number }): void => {
      current = followEventStream({
        client,
        url: () => endpoint.url,
        headers: () => ({ ...options.headers, ...call.headers() }),
        lineLimitBytes: options.lineLimitBytes,
        isPatient: call.isPatient,
        isLasting: false,
        after,
        sink,
        over: ({ detail }) => fail('backend_connection_lost', `the stream was not taken up again: ${detail}`),
      });
    };

    const request = {
      method: 'POST',
      url: endpoint.url,
      headers: {
        ...options.headers,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...call.headers(),
      },
      body: call.body,
      isPatient: call.isPatient,
    } as const;
    current = client.send(request, {
      sent: turn.sent,
      head,
      data: (chunk) => reply?.reader.push(chunk),
      ended: () => {
        reply?.reader.end();
        ended();
      },
      failed: ended,
    });
  };

  /** All is answered. What the server may still send on this stream belongs to nothing. */
  const answered = (): void => {
    turn.over();
    linger ??= setTimeout(() => {
      current?.abort();
      over();
    }, lingerMs).unref();
  };

  send();
  return {
    abort: () => {
      current?.abort();
      awaited.takeAll();
      over();
    },
  };
}

function replyKind(contentType: string | undefined): 'json' | 'stream' | undefined {
  if (isEventStream(contentType)) return 'stream';
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '') ? 'json' : undefined;
}

/**
 * What a message of a reply is to the requests that wait for it. In a body of its own (`awaited` given), what answers
 * nothing by its id answers the one request all the same; undefined for what cannot be read as an answer.
 */
function attributed(
  message: IncomingMessage,
  awaited: AwaitedAnswers | undefined,
): IncomingMessage | undefined {
  const request = awaited?.only();
  if (request === undefined) return message;
  if (message.kind === 'stray_error') return checkMessage(answerFrom(message, request));
  if (message.kind === 'refused')
    return message.id !== undefined && awaited?.has(message.id) ? message : undefined;
  return message;
}

const lineOf = (message: IncomingMessage, line: Buffer): Buffer =>
  message.kind === 'refused' ? line : message.line;

/** Beside a status that is no success, only an answer to what was asked counts. */
const isAnswerTo = (message: IncomingMessage, awaited: AwaitedAnswers): boolean =>
  message.kind === 'response' && awaited.has(message.id);

const detailOf = (message: IncomingMessage): string =>
  message.kind === 'refused' ? (message.detail ?? message.code) : 'it is no answer';
