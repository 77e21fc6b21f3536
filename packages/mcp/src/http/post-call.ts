import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { RequestFailure } from '../end.ts';
import type { IncomingMessage, RequestId, ResponseMessage } from '../message.ts';
import type { AwaitedAnswers } from './awaited-answers.ts';
import { followEventStream } from './event-stream.ts';
import type { HeaderList } from './header-list.ts';
import type { HttpCall, HttpFailure } from './http-client.ts';
import { openReply, type PostReply, type ReplyTarget, type ResumePoint } from './post-reply.ts';
import { maxRedirects, redirectOf } from './redirect.ts';
import type { Turn } from './send-order.ts';
import type { WireParts } from './wire.ts';

/** One message to be posted, and what its reply means. */
export interface PostCall {
  readonly body: Buffer;
  /** The requests in it; none for a notification or an answer. */
  readonly awaited: AwaitedAnswers;
  /** Those of this message, beside those that every request has. */
  readonly headers: () => HeaderList;
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
  /**
   * An answer says that the message has not run. Undefined where that is the end of it; else settles with whether it is
   * to be sent once more, with headers asked for anew.
   */
  again(answer: ResponseMessage): Promise<boolean> | undefined;
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

const bodyHeaders: HeaderList = [
  'content-type',
  'application/json',
  'accept',
  'application/json, text/event-stream',
];

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
  let hasLeft = false;
  let redirects = 0;
  let hasRenewed = false;
  let hasRepeated = false;
  let isRepeating = false;
  let isStream = false;

  /** The bytes are on their way, or will never be; nobody waits for a reply to be read before that. */
  const left = (): void => {
    if (hasLeft) return;
    hasLeft = true;
    parts.left(call.body.length);
  };
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(linger);
    left();
    turn.over();
  };
  const fail = (failure: RequestFailure): void => {
    if (isOver) return;
    over();
    current?.abort();
    for (const id of awaited.takeAll()) call.failed(id, failure);
    if (!isRequest) call.notTaken(failure);
  };
  const lost = (detail: string): void => fail({ code: 'backend_connection_lost', detail });
  const refuse = (status: number, why = STATUS_CODES[status] ?? ''): void =>
    fail({ code: 'backend_refused', detail: `HTTP ${status} ${why}`.trim(), status });

  /** All is answered. What the server may still send on this stream belongs to nothing. */
  const answered = (isStream: boolean): void => {
    turn.over();
    if (!isStream) return;
    linger ??= setTimeout(() => {
      current?.abort();
      over();
    }, lingerMs).unref();
  };

  const deliver = (message: IncomingMessage, line: Buffer): void => {
    call.saw(message);
    awaited.saw(message);
    call.deliver(message, line);
    if (isRequest && awaited.size === 0) answered(isStream);
  };

  const sendAgain = async (again: Promise<boolean>, answer: ResponseMessage): Promise<void> => {
    hasRepeated = true;
    isRepeating = true;
    current?.abort();
    const isWorthIt = await again;
    isRepeating = false;
    if (isWorthIt) return send();
    deliver(answer, answer.line);
    over();
  };

  const readTo: ReplyTarget = {
    answer: (message, line) => {
      if (isOver) return;
      const again =
        message.kind === 'response' && awaited.has(message.id) && !hasRepeated
          ? call.again(message)
          : undefined;
      if (again !== undefined) void sendAgain(again, message as ResponseMessage);
      else deliver(message, line);
    },
    oversize: (size, remains) => {
      if (isOver) return;
      awaited.saw({ kind: 'refused', code: 'message_too_large', detail: undefined, size, ...remains });
      listener.oversize(size, remains);
      if (isRequest && awaited.size === 0) answered(isStream);
    },
    unreadable: (detail) => fail({ code: 'backend_unreadable', detail }),
  };

  const renew = async (session: string): Promise<void> => {
    hasRenewed = true;
    if (await call.renew(session)) send();
    else refuse(404, 'and the session could not be opened again');
  };

  const send = (): void => {
    if (isOver) return;
    const session = call.session();
    let status = 0;
    let refusal: string | undefined;
    let reply: PostReply | undefined;

    const head = (code: number, headers: IncomingHttpHeaders): void => {
      const redirect = redirectOf(code, headers, endpoint.url);
      if (redirect?.kind === 'to' && redirects++ < maxRedirects) {
        endpoint.url = redirect.url;
        current?.abort();
        return send();
      }
      if (code === 404 && session !== undefined && !hasRenewed) {
        current?.abort();
        return void renew(session);
      }
      status = code;
      refusal = redirect?.kind === 'refused' ? redirect.detail : undefined;
      turn.sent();
      reply = openReply(
        { status, contentType: headers['content-type'], awaited },
        options.lineLimitBytes,
        readTo,
      );
      isStream = reply.isStream;
      if (reply.isGood) call.accepted(headers);
    };

    /** The reply is over; what it did not answer either goes on elsewhere or has failed. */
    const ended = (failure?: HttpFailure): void => {
      if (isOver || isRepeating) return;
      if (reply === undefined) return fail(codedFailure(failure));
      const after = reply.resumable();
      if (isRequest ? awaited.size === 0 : reply.isGood) return over();
      if (call.isResumable && after !== undefined && failure?.kind !== 'timeout') return resume(after);
      if (failure !== undefined) return fail(codedFailure(failure));
      if (reply.isGood && reply.isStream) return lost('the stream ended before the answer');
      if (reply.isGood) return refuse(status, 'without an answer');
      if (isRequest && refusal === undefined && call.refused(status)) {
        awaited.takeAll();
        return over();
      }
      refuse(status, refusal);
    };

    const headers = [...parts.headers, ...bodyHeaders, ...call.headers()];
    const { body, isPatient } = call;
    current = client.send(
      { method: 'POST', url: endpoint.url, headers, body, isPatient },
      {
        sent: () => {
          left();
          turn.sent();
        },
        head,
        data: (chunk) => {
          if (reply?.push(chunk) !== false) return;
          current?.abort();
          ended();
        },
        ended: () => {
          reply?.end();
          ended();
        },
        failed: ended,
      },
    );
  };

  const resume = (after: ResumePoint): void => {
    current = followEventStream({
      client,
      url: () => endpoint.url,
      headers: () => [...parts.headers, ...call.headers()],
      lineLimitBytes: options.lineLimitBytes,
      isPatient: call.isPatient,
      isLasting: false,
      after,
      sink: { message: readTo.answer, oversize: readTo.oversize },
      over: ({ detail }) => lost(`the stream was not taken up again: ${detail}`),
    });
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

const codedFailure = (failure: HttpFailure | undefined): RequestFailure =>
  failure === undefined
    ? { code: 'backend_connection_lost', detail: 'the reply has no beginning' }
    : { code: failureCodes[failure.kind], detail: failure.detail };
