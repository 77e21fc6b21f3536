import { createLineReader } from '../framing/line-reader.ts';
import type { IncomingMessage } from '../message.ts';
import { checkMessage } from '../strict/check-message.ts';
import type { EnvelopeRemains } from '../strict/recover-id.ts';
import { createSseReader } from './sse-reader.ts';

/** What the body of a reply turns into. */
export interface ReplySink {
  /** A message and the line it stood on. */
  message(message: IncomingMessage, line: Buffer): void;
  /** A message over the limit has ended; it was not kept. */
  oversize(size: number, remains: EnvelopeRemains): void;
}

export interface StreamSink extends ReplySink {
  /** An event that is no message, such as `endpoint` of the HTTP+SSE transport. */
  event?(type: string, data: Buffer): void;
  eventId(id: string): void;
  retry(ms: number): void;
}

export interface ReplyReader {
  push(chunk: Buffer): void;
  /** The body is complete. */
  end(): void;
}

const newline = Buffer.from('\n');
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;

/** Messages from a body of `application/json`: one, or a batch. */
export function createJsonReply(limitBytes: number, sink: ReplySink): ReplyReader {
  const reader = createLineReader(limitBytes, {
    line: (line) => sink.message(checkMessage(line), line),
    oversize: sink.oversize,
  });
  return { push: (chunk) => reader.push(onOneLine(chunk)), end: reader.end };
}

/** Messages from a body of `text/event-stream`. An event that the stream's end cuts off is none. */
export function createStreamReply(limitBytes: number, sink: StreamSink): ReplyReader {
  let type = 'message';
  const reader = createLineReader(limitBytes, {
    line: (line) => {
      if (type === 'message') sink.message(checkMessage(line), line);
      else sink.event?.(type, line);
    },
    oversize: (size, remains) => {
      if (type === 'message') sink.oversize(size, remains);
    },
  });
  const events = createSseReader({
    data: (bytes) => reader.push(onOneLine(bytes)),
    dispatch: (of, hasData) => {
      type = of;
      if (hasData) reader.push(newline);
    },
    id: sink.eventId,
    retry: sink.retry,
  });
  return { push: events.push, end: () => undefined };
}

/**
 * A message travels on one line on stdio. A line break in JSON can only be white space between two tokens, so a tab in
 * its place changes nothing; inside a string both are illegal, and the strict check refuses the message as it would
 * have.
 */
function onOneLine(bytes: Buffer): Buffer {
  if (!bytes.includes(lineFeed) && !bytes.includes(carriageReturn)) return bytes;
  const line = Buffer.from(bytes);
  for (const lineBreak of [lineFeed, carriageReturn]) {
    for (let at = line.indexOf(lineBreak); at !== -1; at = line.indexOf(lineBreak, at + 1)) line[at] = tab;
  }
  return line;
}
