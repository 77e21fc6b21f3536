import { isUtf8 } from 'node:buffer';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import { limits } from '@mcp-acp/shared/limits';
import {
  has,
  type IncomingMessage,
  type MessageBytes,
  memberString,
  type RequestId,
  type SingleMessage,
} from '../message.ts';
import { parseId, recoverEnvelope } from './recover-id.ts';
import { type ScannedEnvelope, scan } from './scan.ts';
import { slot } from './slots.ts';

/**
 * The strict check: what leaves it as a message reads the same in every JSON parser and is a JSON-RPC 2.0 message
 * (MCP base protocol). Everything else leaves as {@link RefusedInput} with a stable code.
 * `line` is one line of the wire without its newline; a carriage return before that is white space.
 */
export function checkMessage(line: Buffer): IncomingMessage {
  if (line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf)
    return refused(line, 'byte_order_mark', undefined);
  if (!isUtf8(line)) return refused(line, 'invalid_utf8', undefined);
  const scanned = scan(line);
  if (scanned.kind === 'refused') return refused(line, scanned.problem, `at byte ${scanned.offset + 1}`);
  if (scanned.kind === 'single') {
    const message = asMessage(line, scanned.envelope);
    return typeof message === 'string' ? refused(line, codeOf(message), message) : message;
  }
  const members: SingleMessage[] = [];
  for (const envelope of scanned.members) {
    const member = asMessage(line, envelope);
    if (typeof member === 'string')
      return refused(line, codeOf(member), `in a member of the batch: ${member}`);
    members.push(member);
  }
  return { kind: 'batch', line, members };
}

const idProblem = 'the id must be a string or a whole number between -(2^53-1) and 2^53-1';

const codeOf = (problem: string): ErrorCode => (problem === idProblem ? 'invalid_id' : 'invalid_envelope');

const openBrace = 0x7b;

/** The message an envelope is, or what is wrong with it. */
function asMessage(line: Buffer, { start, end, spans }: ScannedEnvelope): SingleMessage | string {
  const bytes: MessageBytes = { line, start, end, spans };
  if (memberString(bytes, slot.jsonrpc) !== '2.0') return '"jsonrpc" must be "2.0"';
  const hasId = has(bytes, slot.id);
  const id = hasId ? readId(bytes) : undefined;
  const hasResult = has(bytes, slot.result);
  const hasError = has(bytes, slot.error);
  if (has(bytes, slot.method)) {
    if (hasResult || hasError) return 'a request has neither "result" nor "error"';
    const method = memberString(bytes, slot.method);
    if (method === undefined || method === '' || method.length > limits.quotedText || method.includes('\0')) {
      return `"method" must be a string of 1 to ${limits.quotedText} characters`;
    }
    if (has(bytes, slot.params) && line[spans[slot.params * 2] as number] !== openBrace) {
      return '"params" must be an object';
    }
    if (!hasId) return { kind: 'notification', line, start, end, spans, method };
    if (id === undefined || id === null) return idProblem;
    return { kind: 'request', line, start, end, spans, id, method };
  }
  if (hasResult === hasError) return 'a message has "method", or exactly one of "result" and "error"';
  if (hasError && (!hasId || id === null)) return { kind: 'stray_error', line, start, end, spans };
  if (id === undefined || id === null) return hasId ? idProblem : 'a result has an "id"';
  return { kind: 'response', line, start, end, spans, id, failed: hasError };
}

/** The id, null for JSON null, undefined for anything MCP does not allow. */
function readId(message: MessageBytes): RequestId | null | undefined {
  const start = message.spans[slot.id * 2] as number;
  return parseId(message.line.toString('utf8', start, message.spans[slot.id * 2 + 1] as number));
}

function refused(line: Buffer, code: ErrorCode, detail: string | undefined): IncomingMessage {
  return {
    kind: 'refused',
    code,
    detail,
    ...recoverEnvelope(line),
    size: line.length,
  };
}
