import type { IncomingMessage } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import type { EnvelopeRemains } from '../strict/recover-id.ts';
import { type AwaitedAnswers, answerFrom } from './awaited-answers.ts';
import { defaultRetryMs, isEventStream, longestRetryMs, usableEventId } from './event-stream.ts';
import { createJsonReply, createStreamReply, type ReplySink } from './reply-reader.ts';

/** Where what a reply says goes. */
export interface ReplyTarget {
  /** A message that passed the strict check, or failed it and still tells whom it answers. */
  answer(message: IncomingMessage, line: Buffer): void;
  oversize(size: number, remains: EnvelopeRemains): void;
  /** A body that should be the answer and cannot be read as one. */
  unreadable(detail: string): void;
}

/** Behind which event a stream can be taken up again, and how long to wait before that. Milliseconds. */
export interface ResumePoint {
  readonly eventId: string;
  readonly retryMs: number;
}

/** The body of a reply to a POST. */
export interface PostReply {
  readonly isGood: boolean;
  readonly isStream: boolean;
  /** False when it is of no use to read on. */
  push(chunk: Buffer): boolean;
  end(): void;
  resumable(): ResumePoint | undefined;
}

export interface ReplyHead {
  readonly status: number;
  readonly contentType: string | undefined;
  /** The requests that the reply should answer. */
  readonly awaited: AwaitedAnswers;
}

/** Of a body that is no messages, such as the page of an error, this much is read to keep the connection. Bytes. */
const uselessBytes = 65_536;

/**
 * Reads the body of a reply: one message or a batch as JSON, or a stream of events. Beside a status that is no success
 * only what answers the request counts.
 */
export function openReply(head: ReplyHead, limitBytes: number, to: ReplyTarget): PostReply {
  const { status, contentType, awaited } = head;
  const isGood = status >= 200 && status < 300;
  const isStream = isGood && isEventStream(contentType);
  const isJson = !isStream && isJsonType(contentType);
  let resumeAt: ResumePoint | undefined;
  let retryMs = defaultRetryMs;
  let useless = 0;

  const body: ReplySink = {
    message: (message, line) => {
      const answer = attributed(message, awaited);
      const answers = answer?.kind === 'response' && awaited.has(answer.id);
      if (answer !== undefined && (isGood || answers)) {
        to.answer(answer, answer === message ? line : lineOf(answer, line));
      } else if (isGood)
        to.unreadable(message.kind === 'refused' ? (message.detail ?? message.code) : 'no answer');
    },
    oversize: (size, remains) => {
      if (remains.id !== undefined && awaited.has(remains.id)) to.oversize(size, remains);
      else if (isGood) to.unreadable(`${size} bytes`);
    },
  };
  const stream = {
    message: to.answer,
    oversize: to.oversize,
    eventId: (id: string) => {
      const eventId = usableEventId(id);
      resumeAt = eventId === undefined ? undefined : { eventId, retryMs };
    },
    retry: (ms: number) => {
      retryMs = Math.min(Math.max(ms, 1), longestRetryMs);
      if (resumeAt !== undefined) resumeAt = { ...resumeAt, retryMs };
    },
  };
  const reader = isStream
    ? createStreamReply(limitBytes, stream)
    : isJson
      ? createJsonReply(limitBytes, body)
      : undefined;

  return {
    isGood,
    isStream,
    push: (chunk) => {
      reader?.push(chunk);
      if (reader === undefined) useless += chunk.length;
      return useless <= uselessBytes;
    },
    end: () => reader?.end(),
    resumable: () => resumeAt,
  };
}

const isJsonType = (contentType: string | undefined): boolean =>
  /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '');

/**
 * What a message in a body of its own is to the requests that wait for it. What answers nothing by its id answers the
 * one request all the same; undefined for what cannot be read as an answer.
 */
function attributed(message: IncomingMessage, awaited: AwaitedAnswers): IncomingMessage | undefined {
  const request = awaited.only();
  if (request === undefined) return message;
  if (message.kind === 'stray_error') return checkMessage(answerFrom(message, request));
  if (message.kind === 'refused')
    return message.id !== undefined && awaited.has(message.id) ? message : undefined;
  return message;
}

const lineOf = (message: IncomingMessage, line: Buffer): Buffer =>
  message.kind === 'refused' ? line : message.line;
