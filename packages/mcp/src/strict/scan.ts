import { limits } from '@mcp-acp/shared/limits';
import { isLookAlike, knownKey, type Role, role, slotCount } from './slots.ts';

/**
 * One pass over the bytes of a message that accepts exactly RFC 8259 and, beyond it, refuses whatever two parsers
 * could read differently: the same key twice in an object at any depth (compared after unescaping), look-alikes of
 * protocol keys, keys with U+0000 or lone surrogates, and nesting deeper than `limits.nestingDepth`.
 * It notes where the members stand that the proxy reads and builds nothing else. Valid UTF-8 is the caller's to check.
 * The time is linear in the bytes, whatever they are.
 */
export type ScanProblem =
  | 'parse_error'
  | 'duplicate_key'
  | 'ambiguous_key'
  | 'nesting_too_deep'
  | 'invalid_envelope';

export interface ScannedEnvelope {
  readonly start: number;
  readonly end: number;
  /** For each slot its start and end offset in the scanned bytes, -1 where absent. */
  readonly spans: readonly number[];
}

export type Scanned =
  | { readonly kind: 'single'; readonly envelope: ScannedEnvelope }
  | { readonly kind: 'batch'; readonly members: readonly ScannedEnvelope[] }
  | { readonly kind: 'refused'; readonly problem: ScanProblem; readonly offset: number };

const noSpans: readonly number[] = new Array<number>(slotCount * 2).fill(-1);

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;
const minus = 0x2d;
const plus = 0x2b;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** Objects with more keys than this are compared through a set, so that many keys cost linear time. */
const keysComparedPairwise = 12;

class Refused extends Error {
  readonly problem: ScanProblem;
  readonly offset: number;
  constructor(problem: ScanProblem, offset: number) {
    super(problem);
    this.problem = problem;
    this.offset = offset;
  }
}

// The state of the scan under way. A scan is synchronous, so there is never more than one.
let bytes: Buffer = Buffer.alloc(0);
let position = 0;
let end = 0;
let spans: number[] = [];
/** Set by scanString: whether the string it passed holds an escape. */
let escaped = false;
/** Key spans of the objects that are open now, one after the other; `keyTop` is where the next one goes. */
const keyStack = new Int32Array((limits.nestingDepth + 1) * keysComparedPairwise * 2);
let keyTop = 0;
const spanOfKey = { start: 0, end: 0 };

/** Scans one line without its newline. */
export function scan(line: Buffer): Scanned {
  bytes = line;
  position = 0;
  end = line.length;
  keyTop = 0;
  try {
    skipSpace();
    const scanned =
      bytes[position] === openBracket ? scanBatch() : { kind: 'single' as const, envelope: scanEnvelope(1) };
    skipSpace();
    if (position < end) refuse('parse_error');
    return scanned;
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', problem: error.problem, offset: error.offset };
    throw error;
  } finally {
    bytes = noBytes;
  }
}
const noBytes = Buffer.alloc(0);

function refuse(problem: ScanProblem, at = position): never {
  throw new Refused(problem, at);
}

function scanEnvelope(depth: number): ScannedEnvelope {
  const start = position;
  spans = noSpans.slice();
  if (bytes[position] !== openBrace) {
    scanValue(depth, role.other);
    refuse('invalid_envelope', start);
  }
  scanObject(depth, role.envelope);
  return { start, end: position, spans };
}

function scanBatch(): Scanned {
  const members: ScannedEnvelope[] = [];
  position++;
  skipSpace();
  if (bytes[position] === closeBracket) refuse('invalid_envelope');
  for (;;) {
    if (members.length === limits.batchMembers) refuse('invalid_envelope');
    members.push(scanEnvelope(2));
    skipSpace();
    const separator = bytes[position];
    position++;
    if (separator === closeBracket) return { kind: 'batch', members };
    if (separator !== comma) refuse('parse_error', position - 1);
    skipSpace();
  }
}

function skipSpace(): void {
  while (position < end) {
    const byte = bytes[position];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return;
    position++;
  }
}

function scanValue(depth: number, of: Role): void {
  const byte = bytes[position] as number;
  if (byte === quote) scanString();
  else if (byte === openBrace) scanObject(depth, of);
  else if (byte === openBracket) scanArray(depth);
  else if (byte === minus || (byte >= zero && byte <= nine)) scanNumber();
  else if (byte === 0x74) scanLiteral('true');
  else if (byte === 0x66) scanLiteral('false');
  else if (byte === 0x6e) scanLiteral('null');
  else refuse('parse_error');
}

function scanObject(depth: number, of: Role): void {
  if (depth > limits.nestingDepth) refuse('nesting_too_deep');
  position++;
  skipSpace();
  if (bytes[position] === closeBrace) {
    position++;
    return;
  }
  const firstKey = keyTop;
  let seen: Set<string> | undefined;
  for (;;) {
    if (bytes[position] !== quote) refuse('parse_error');
    const keyStart = position + 1;
    scanString();
    const keyEnd = position - 1;
    const key = escaped ? unescapedKey(keyStart, keyEnd) : undefined;
    if (seen === undefined && (key !== undefined || keyTop - firstKey >= keysComparedPairwise * 2)) {
      seen = new Set();
      for (let at = firstKey; at < keyTop; at += 2) {
        seen.add(text8(keyStack[at] as number, keyStack[at + 1] as number));
      }
    }
    if (seen === undefined) {
      if (isAmongKeys(firstKey, keyStart, keyEnd)) refuse('duplicate_key', keyStart);
      keyStack[keyTop++] = keyStart;
      keyStack[keyTop++] = keyEnd;
    } else {
      const text = key ?? text8(keyStart, keyEnd);
      if (seen.has(text)) refuse('duplicate_key', keyStart);
      seen.add(text);
    }
    skipSpace();
    if (bytes[position] !== colon) refuse('parse_error');
    position++;
    skipSpace();
    if (of === role.other) scanValue(depth + 1, role.other);
    else scanMember({ depth, of, keyStart, keyEnd, key });
    skipSpace();
    const separator = bytes[position];
    position++;
    if (separator === closeBrace) break;
    if (separator !== comma) refuse('parse_error', position - 1);
    skipSpace();
  }
  keyTop = firstKey;
}

interface MemberPlace {
  readonly depth: number;
  readonly of: Role;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The key's text where it holds an escape. */
  readonly key: string | undefined;
}

/** A member of an object that the proxy reads from: its place is noted, and look-alikes of guarded keys are refused. */
function scanMember({ depth, of, keyStart, keyEnd, key }: MemberPlace): void {
  spanOfKey.start = keyStart;
  spanOfKey.end = keyEnd;
  const known =
    key === undefined
      ? knownKey(of, bytes, spanOfKey)
      : knownKey(of, Buffer.from(key), { start: 0, end: Buffer.byteLength(key) });
  if (known === undefined) {
    if (keyEnd - keyStart <= 96 && isLookAlike(of, key ?? text8(keyStart, keyEnd))) {
      refuse('ambiguous_key', keyStart);
    }
    scanValue(depth + 1, role.other);
    return;
  }
  const start = position;
  scanValue(depth + 1, known.inner);
  spans[known.slot * 2] = start;
  spans[known.slot * 2 + 1] = position;
}

function isAmongKeys(first: number, start: number, keyEnd: number): boolean {
  const length = keyEnd - start;
  next: for (let at = first; at < keyTop; at += 2) {
    const other = keyStack[at] as number;
    if ((keyStack[at + 1] as number) - other !== length) continue;
    for (let index = 0; index < length; index++) {
      if (bytes[other + index] !== bytes[start + index]) continue next;
    }
    return true;
  }
  return false;
}

const text8 = (start: number, stop: number): string => bytes.toString('utf8', start, stop);

const surrogate = /\p{Cs}/u;

function unescapedKey(start: number, keyEnd: number): string {
  const key = JSON.parse(text8(start - 1, keyEnd + 1)) as string;
  if (key.includes('\0') || surrogate.test(key)) refuse('ambiguous_key', start);
  return key;
}

function scanArray(depth: number): void {
  if (depth > limits.nestingDepth) refuse('nesting_too_deep');
  position++;
  skipSpace();
  if (bytes[position] === closeBracket) {
    position++;
    return;
  }
  for (;;) {
    scanValue(depth + 1, role.other);
    skipSpace();
    const separator = bytes[position];
    position++;
    if (separator === closeBracket) return;
    if (separator !== comma) refuse('parse_error', position - 1);
    skipSpace();
  }
}

function scanString(): void {
  escaped = false;
  const text = bytes;
  let at = position + 1;
  for (; at < end; at++) {
    const byte = text[at] as number;
    if (byte === quote) {
      position = at + 1;
      return;
    }
    if (byte < 0x20) refuse('parse_error', at);
    if (byte === backslash) {
      escaped = true;
      at++;
      if (!isEscape(at)) refuse('parse_error', at);
      if (text[at] === 0x75) at += 4;
    }
  }
  refuse('parse_error', end);
}

/** Whether the byte after a backslash, and for `u` the four after that, complete an escape. */
function isEscape(at: number): boolean {
  switch (bytes[at]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    case 0x75:
      return isHex(at + 1) && isHex(at + 2) && isHex(at + 3) && isHex(at + 4);
    default:
      return false;
  }
}

function isHex(at: number): boolean {
  const byte = bytes[at] ?? 0;
  return (byte >= zero && byte <= nine) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

const isDigit = (at: number): boolean => {
  const byte = bytes[at] ?? 0;
  return byte >= zero && byte <= nine;
};

function skipDigits(): void {
  if (!isDigit(position)) refuse('parse_error');
  while (isDigit(position)) position++;
}

function scanNumber(): void {
  if (bytes[position] === minus) position++;
  if (bytes[position] === zero) position++;
  else skipDigits();
  if (bytes[position] === dot) {
    position++;
    skipDigits();
  }
  if (bytes[position] === 0x65 || bytes[position] === 0x45) {
    position++;
    if (bytes[position] === plus || bytes[position] === minus) position++;
    skipDigits();
  }
}

function scanLiteral(literal: string): void {
  for (let index = 0; index < literal.length; index++) {
    if (bytes[position + index] !== literal.charCodeAt(index)) refuse('parse_error', position + index);
  }
  position += literal.length;
}
