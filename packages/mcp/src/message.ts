import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { JsonValue } from '@mcp-acp/shared/json';
import type { Slot } from './strict/slots.ts';

/** A JSON-RPC id as MCP allows it: a string or an integer, never null (base protocol, "Requests"). */
export type RequestId = string | number;

/** Keeps ids apart by type: `1` is not `"1"`. */
export const idKey = (id: RequestId): string | number => (typeof id === 'string' ? `"${id}` : id);

/** The bytes of one message and where in them the members stand that the proxy reads. Nothing is decoded until asked for. */
export interface MessageBytes {
  /** The line without its newline. For a batch's member: the whole line. */
  readonly line: Buffer;
  readonly start: number;
  readonly end: number;
  readonly spans: readonly number[];
}

export interface RequestMessage extends MessageBytes {
  readonly kind: 'request';
  readonly id: RequestId;
  readonly method: string;
}
export interface NotificationMessage extends MessageBytes {
  readonly kind: 'notification';
  readonly method: string;
}
export interface ResponseMessage extends MessageBytes {
  readonly kind: 'response';
  readonly id: RequestId;
  readonly failed: boolean;
}
/** An error that answers nothing in particular: JSON-RPC's `id: null`, for requests whose id could not be read. */
export interface StrayErrorMessage extends MessageBytes {
  readonly kind: 'stray_error';
}

export type SingleMessage = RequestMessage | NotificationMessage | ResponseMessage | StrayErrorMessage;

export interface BatchMessage {
  readonly kind: 'batch';
  readonly line: Buffer;
  readonly members: readonly SingleMessage[];
}

/** Input that is not a message two parsers would read alike. `id` is the one it carries, where that is unambiguous. */
export interface RefusedInput {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  /** More about this case than the code says, as a phrase. */
  readonly detail: string | undefined;
  readonly id: RequestId | undefined;
  readonly hasMethod: boolean;
  /** Bytes on the wire, the newline excluded. */
  readonly size: number;
}

export type IncomingMessage = SingleMessage | BatchMessage | RefusedInput;

export const has = (message: MessageBytes, slot: Slot): boolean => message.spans[slot * 2] !== -1;

/** The member's exact JSON text, or undefined where it is absent. */
function rawMember(message: MessageBytes, slot: Slot): string | undefined {
  const start = message.spans[slot * 2] as number;
  return start === -1
    ? undefined
    : message.line.toString('utf8', start, message.spans[slot * 2 + 1] as number);
}

export function memberBytes(message: MessageBytes, slot: Slot): Buffer | undefined {
  const start = message.spans[slot * 2] as number;
  return start === -1 ? undefined : message.line.subarray(start, message.spans[slot * 2 + 1] as number);
}

/** The member's value. The strict check has passed it, so parsing cannot fail and no key can shadow another. */
export function memberValue(message: MessageBytes, slot: Slot): JsonValue | undefined {
  const raw = rawMember(message, slot);
  return raw === undefined ? undefined : (JSON.parse(raw) as JsonValue);
}

const quote = 0x22;
const backslash = 0x5c;

/** The member's text where it is a string, else undefined. */
export function memberString(message: MessageBytes, slot: Slot): string | undefined {
  const start = message.spans[slot * 2] as number;
  if (start === -1 || message.line[start] !== quote) return undefined;
  const end = message.spans[slot * 2 + 1] as number;
  const { line } = message;
  for (let at = start + 1; at < end - 1; at++) {
    if (line[at] === backslash) return JSON.parse(line.toString('utf8', start, end)) as string;
  }
  return line.toString('utf8', start + 1, end - 1);
}

/** Bytes of the message on the wire. */
export const sizeOf = (message: MessageBytes): number => message.end - message.start;
