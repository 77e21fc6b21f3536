import { limits } from '@mcp-acp/shared/limits';
import type { RequestId } from '../message.ts';

const wholeNumber = /^(?:0|-?[1-9]\d{0,15})$/;

/**
 * The id that a piece of JSON text spells: a string or integer within limits, null for JSON null, undefined for
 * anything else (fractions, exponents and `-0` included, since parsers disagree about what they equal).
 */
export function parseId(text: string): RequestId | null | undefined {
  if (text === 'null') return null;
  if (text.startsWith('"')) {
    if (text.length > limits.requestIdLength * 6) return undefined;
    try {
      const id = JSON.parse(text) as string;
      return id.length <= limits.requestIdLength && !id.includes('\0') ? id : undefined;
    } catch {
      return undefined;
    }
  }
  if (!wholeNumber.test(text)) return undefined;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : undefined;
}

/** What can still be told about a message that failed the strict check. */
export interface EnvelopeRemains {
  /** The id, if exactly one top-level key reads `id`, none looks like it, and its value is a legal id. */
  readonly id: RequestId | undefined;
  /** Whether it has a top-level `method`: a request or notification rather than an answer. */
  readonly hasMethod: boolean;
}

/** Reads {@link EnvelopeRemains} from a whole line. */
export function recoverEnvelope(line: Buffer): EnvelopeRemains {
  const finder = createEnvelopeFinder();
  finder.push(line);
  return finder.remains();
}

export interface EnvelopeFinder {
  push(chunk: Buffer): void;
  remains(): EnvelopeRemains;
}

/** More of a key or an id than this is not kept, in bytes. */
const tokenBytes = limits.requestIdLength * 6 + 2;

/**
 * Looks for the top-level `id` of a message that is too large to keep or too broken to parse: it follows strings and
 * nesting byte by byte and remembers nothing else. Text that is not JSON yields undefined or, where the one `id` it
 * holds is plain to see, that id.
 */
export function createEnvelopeFinder(): EnvelopeFinder {
  let depth = 0;
  let inString = false;
  let afterBackslash = false;
  let isKey = false;
  /** Bytes of the key or of the id's value under way, latin1; undefined when nothing is being kept. */
  let token: string | undefined;
  let expectId = false;
  let found: RequestId | undefined;
  let count = 0;
  const find = (id: RequestId | undefined): void => {
    found = id;
    count++;
  };
  let hasMethod = false;

  const endValue = (): void => {
    if (expectId && token !== undefined) find(parseId(fromLatin1(token.trim())) ?? undefined);
    else if (expectId) find(undefined);
    expectId = false;
    token = undefined;
  };

  const endKey = (): void => {
    let key: string | undefined;
    try {
      key = token === undefined ? undefined : (JSON.parse(fromLatin1(token)) as string);
    } catch {
      key = undefined;
    }
    hasMethod ||= key === 'method';
    expectId = key?.toLowerCase() === 'id';
    if (expectId && key !== 'id') find(undefined);
    token = undefined;
  };

  const keep = (byte: number): void => {
    if (token !== undefined)
      token = token.length < tokenBytes ? token + String.fromCharCode(byte) : undefined;
  };

  const push = (chunk: Buffer): void => {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (inString) {
        keep(byte);
        if (afterBackslash) afterBackslash = false;
        else if (byte === 0x5c) afterBackslash = true;
        else if (byte === 0x22) {
          inString = false;
          if (depth === 1 && isKey) endKey();
        }
        continue;
      }
      if (byte === 0x22) {
        inString = true;
        if (depth === 1 && isKey) token = '';
        keep(byte);
      } else if (byte === 0x7b || byte === 0x5b) {
        if (depth === 1 && expectId) token = undefined;
        if (depth === 0) isKey = byte === 0x7b;
        depth++;
      } else if (byte === 0x7d || byte === 0x5d) {
        if (depth === 1) endValue();
        depth--;
      } else if (depth === 1 && byte === 0x2c) {
        endValue();
        isKey = true;
      } else if (depth === 1 && byte === 0x3a && isKey) {
        isKey = false;
        token = expectId ? '' : undefined;
      } else {
        keep(byte);
      }
    }
  };

  return { push, remains: () => ({ id: count === 1 ? found : undefined, hasMethod }) };
}

const fromLatin1 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
