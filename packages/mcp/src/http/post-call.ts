import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { RequestFailure } from '../end.ts';
import type { IncomingMessage, RequestId, ResponseMessage } from '../message.ts';
import type { AwaitedAnswers } from './awaited-answers.ts';
import { followEventStream } from './event-stream.ts';
import type { HeaderList } from './header-list.ts';
import type { Lane } from './http-agents.ts';
import type { HttpCall, HttpFailure } from './http-client.ts';
import { openReply, type PostReply, type ReplyTarget, type ResumePoint } from './post-reply.ts';
import { maxRedirects, redirectOf } from './redirect.ts';
import { longestSilenceMs, type WireParts } from './wire.ts';

/** The session that a message belongs to, as far as posting it goes. */
export interface PostSession {
  readonly generation: number;
  readonly id: string | undefined;
  readonly hasEnded: boolean;
  /** The session of that generation has ended. Settles with whether there is another one. */
  renew(generation: number): Promise<boolean>;
}

/** One message to be posted, and what its reply means. */
export interface PostCall {
  readonly body: Buffer;
  /** The requests in it that its reply should answer. */
  readonly awaited: AwaitedAnswers;
  /** Those of this message, beside those that every request has; asked each time it is sent. */
  readonly headers: () => HeaderList;
  readonly lane: Lane;
  /** How long its reply is waited for at most; without it as long as is configured. Milliseconds. */
  readonly replyMs?: number;
  /** Its reply may be silent for ever. */
  readonly isPatient: boolean;
  /** A stream that breaks off may be asked for again: the stateful era. */
  readonly isResumable: boolean;
  readonly session?: PostSession;
  /** It is on its way. */
  sent?(): void;
  /** The server has refused it in a way that will be made good: it has not run, and will be sent again. */
  notRun?(): void;
  /** The reply has begun well. */
  accepted?(headers: IncomingHttpHeaders): void;
  /** A message of the reply, and the line it stood on. */
  deliver(message: IncomingMessage, line: Buffer): void;
  /**
   * An answer beside the status of a bad request says that the message has not run. Undefined where that is the end of
   * it; else settles with whether it is to be sent once more, with headers asked for anew.
   */
  again?(answer: ResponseMessage): Promise<boolean> | undefined;
  /** The server refused with this status and no answer. True where that is dealt with in another way. */
  refused?(status: number): boolean;
  /** There is no answer, or it was not taken. */
  failed(failure: RequestFailure): void;
  /** Nothing more comes of it; also after `failed`. */
  over?(): void;
}

export interface PostedCall extends HttpCall {
  /** One of its requests was answered elsewhere. */
  answered(id: RequestId): void;
}

const badRequest = 400;
const sessionUnknown = 404;

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
export function postCall(parts: WireParts, call: PostCall): PostedCall {
  const { client, listener, endpoint, options, questions, lingering } = parts;
  const { awaited, session } = call;
  const isRequest = awaited.size > 0;
  let current: HttpCall | undefined;
  let isOver = false;
  let hasLeft = false;
  let hasDelivered = false;
  let redirects = 0;
  let hasRenewed = false;
  let hasRepeated = false;
  /** What the reply says is being made good; how it ends does not matter. */
  let isMending = false;
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
    lingering.remove(posted);
    left();
    questions.dropped(posted);
    call.over?.();
  };
  const fail = (failure: RequestFailure): void => {
    if (isOver) return;
    current?.abort();
    call.failed(failure);
    over();
  };
  const failWith = (code: ErrorCode, detail: string): void => fail({ code, detail });

  /** All is answered. What the server may still send on this stream belongs to nothing. */
  const looksAnswered = (): void => {
    if (!isRequest || awaited.size > 0 || !isStream || isOver) return;
    lingering.add(posted, posted.abort);
  };

  const deliver = (message: IncomingMessage, line: Buffer): void => {
    hasDelivered = true;
    questions.heard(message, posted);
    awaited.saw(message);
    call.deliver(message, line);
    looksAnswered();
  };

  const mend = async (worth: Promise<boolean>): Promise<boolean> => {
    isMending = true;
    current?.abort();
    call.notRun?.();
    const isWorthIt = await worth;
    isMending = false;
    return isWorthIt;
  };

  const sendAgain = async (again: Promise<boolean>, answer: ResponseMessage): Promise<void> => {
    hasRepeated = true;
    if (await mend(again)) return send(endpoint.url);
    if (isOver) return;
    deliver(answer, answer.line);
    over();
  };

  const renew = async (from: PostSession, generation: number): Promise<void> => {
    if (await mend(from.renew(generation))) send(endpoint.url);
    else failWith('backend_unreachable', 'the session has ended and could not be opened again');
  };

  const readTo = (status: number): ReplyTarget => ({
    answer: (message, line) => {
      if (isOver || isMending) return;
      const isRefusal =
        status === badRequest && message.kind === 'response' && awaited.has(message.id) && !hasDelivered;
      const again = isRefusal && !hasRepeated ? call.again?.(message) : undefined;
      if (again !== undefined) void sendAgain(again, message as ResponseMessage);
      else deliver(message, line);
    },
    oversize: (size, remains) => {
      if (isOver || isMending) return;
      hasDelivered = true;
      awaited.saw({ kind: 'refused', code: 'message_too_large', detail: undefined, size, ...remains });
      listener.oversize(size, remains);
      looksAnswered();
    },
    unreadable: (detail) => failWith('backend_unreadable', detail),
  });

  const send = (url: URL): void => {
    if (isOver) return;
    if (session?.hasEnded === true) return void renew(session, session.generation);
    const generation = session?.generation ?? 0;
    const hasSession = session?.id !== undefined;
    let status = 0;
    let refusal: string | undefined;
    let reply: PostReply | undefined;

    const head = (code: number, headers: IncomingHttpHeaders): void => {
      const redirect = redirectOf(code, headers, url);
      if (redirect?.kind === 'to' && redirects++ < maxRedirects) {
        current?.abort();
        call.notRun?.();
        if (redirect.isPermanent) endpoint.url = redirect.url;
        return send(redirect.url);
      }
      if (code === sessionUnknown && session !== undefined && hasSession && !hasRenewed) {
        hasRenewed = true;
        return void renew(session, generation);
      }
      status = code;
      refusal = redirect?.kind === 'refused' ? redirect.detail : undefined;
      reply = openReply(
        { status, contentType: headers['content-type'], awaited },
        options.lineLimitBytes,
        readTo(status),
      );
      isStream = reply.isStream;
      if (reply.isGood) call.accepted?.(headers);
    };

    /** The reply is over; what it did not answer either goes on elsewhere or has failed. */
    const ended = (failure?: HttpFailure): void => {
      if (isOver || isMending) return;
      if (failure !== undefined && reply === undefined)
        return failWith(failureCodes[failure.kind], failure.detail);
      if (reply === undefined || (isRequest ? awaited.size === 0 : reply.isGood)) return over();
      const after = reply.resumable();
      if (call.isResumable && after !== undefined && failure?.kind !== 'timeout') return resume(after);
      if (failure !== undefined) return failWith(failureCodes[failure.kind], failure.detail);
      if (reply.isStream) return failWith('backend_connection_lost', 'the stream ended before the answer');
      if (isRequest && refusal === undefined && call.refused?.(status) === true) return over();
      fail(refusalOf(status, refusal));
    };

    const headers = [...parts.headers, ...bodyHeaders, ...call.headers()];
    const { body, isPatient, lane } = call;
    const replyLimit = call.replyMs === undefined ? {} : { replyMs: call.replyMs };
    current = client.send(
      { method: 'POST', lane, url, headers, body, isPatient, ...replyLimit },
      {
        sent: () => {
          left();
          call.sent?.();
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
    const target = readTo(0);
    current = followEventStream({
      client,
      url: () => endpoint.url,
      headers: () => [...parts.headers, ...call.headers()],
      lineLimitBytes: options.lineLimitBytes,
      // It goes on in place of the call, beside the others.
      lane: 'call',
      isPatient: call.isPatient,
      isLasting: false,
      silentMs: call.isPatient ? 0 : longestSilenceMs(options),
      after,
      sink: { message: target.answer, oversize: target.oversize },
      isWanted: () => awaited.size > 0,
      over: ({ kind, detail }) => {
        if (kind === 'done') over();
        else if (kind === 'silent') failWith('backend_timeout', detail);
        else failWith('backend_connection_lost', `the stream was not taken up again: ${detail}`);
      },
    });
  };

  const posted: PostedCall = {
    abort: () => {
      current?.abort();
      over();
    },
    answered: (id) => {
      awaited.answered(id);
      if (isStream) looksAnswered();
      else if (awaited.size === 0 && !hasDelivered) posted.abort();
    },
  };
  send(endpoint.url);
  return posted;
}

/** What a status that brings no answer means for the call. */
function refusalOf(status: number, why: string | undefined): RequestFailure {
  const detail = why ?? `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trim();
  // A success without an answer, or no final status at all: nobody knows whether it ran.
  if (status < 300) return { code: 'backend_unreadable', detail: `${detail} without an answer` };
  return { code: status >= 500 ? 'backend_failed' : 'backend_refused', detail };
}
