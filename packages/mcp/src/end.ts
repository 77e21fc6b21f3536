import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { LineSink } from './framing/line-reader.ts';
import type { RequestId } from './message.ts';

/**
 * One end of the relay: where messages of one peer come in and messages to it go out. Stdio has one, an HTTP backend
 * is another; the enforcement point between two ends knows neither.
 */
export interface End {
  /** Starts reading. Nothing is delivered before. */
  start(listener: EndListener): void;
  /**
   * Sends messages, each as one line, in this order. False when more is waiting to leave than the end likes to hold:
   * the other end should be paused until `drained`.
   */
  send(lines: readonly Buffer[]): boolean;
  /** Stops and resumes reading, so that a peer that does not read slows down the one that writes. */
  pause(): void;
  resume(): void;
  /** No more will be sent; what was sent still leaves. */
  endSending(): void;
}

/** Why one request gets no answer, though its peer is there. */
export interface RequestFailure {
  readonly code: ErrorCode;
  readonly detail: string;
}

export interface EndListener extends LineSink {
  /** A request that was sent gets no answer; the end goes on. Only ends that carry each request by itself can tell. */
  failed(id: RequestId, failure: RequestFailure): void;
  /** What waited has left. */
  drained(): void;
  /** The peer will send nothing more; whether it still reads is not known. */
  ended(): void;
  /** The peer is gone: nothing reaches it any more. */
  gone(reason: string): void;
}
