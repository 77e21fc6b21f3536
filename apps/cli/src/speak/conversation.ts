import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';

/** One message as it went over the wire. */
export interface Frame {
  readonly direction: 'sent' | 'received';
  /** Since the conversation began. Milliseconds. */
  readonly atMs: number;
  /** Bytes, without the newline. */
  readonly size: number;
  /** Absent for a line over the limit, which is not kept. */
  readonly line?: Buffer;
}

/** What became of a request. Everything in it but `code` of a failure is the other side's word. */
export type Reply =
  | { readonly kind: 'result'; readonly value: JsonValue }
  | { readonly kind: 'error'; readonly error: ErrorReply }
  /** There is no answer. */
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly detail: string };

export interface ErrorReply {
  readonly code: JsonValue;
  readonly message: string;
  readonly data?: JsonValue;
}

export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** Members of `params`, each as JSON text, so that what a person typed is sent as typed. */
export type Members = Readonly<Record<string, string>>;

/** A connection on which the other side has been greeted in its era's way. */
export interface Conversation {
  readonly welcome: Welcome;
  /** Resolves with whatever became of it; never rejects. */
  request(method: string, members: Members, onProgress?: (progress: Progress) => void): Promise<Reply>;
}

export interface Welcome {
  readonly server?: { readonly name: string; readonly version: string };
  readonly revision?: string;
  readonly capabilities: JsonObject;
}

export type Era = 'stateful' | 'stateless';

/** A reply that is no result, as one phrase. Foreign text in it is not made visible yet. */
export function whyNoResult(reply: Exclude<Reply, { readonly kind: 'result' }>): string {
  if (reply.kind === 'failed') return reply.detail;
  return `it answered with error ${JSON.stringify(reply.error.code)}: ${reply.error.message}`;
}
