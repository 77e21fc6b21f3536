import { canonicalJson } from '@mcp-acp/shared/json';
import type { RecordOrigin } from './encode-record.ts';
import { chainHash, hashEnd, hashMark, maxRecordBytes } from './record-hash.ts';

/** Where in a chain the next record would stand. */
export interface ChainPosition {
  readonly hashHead: string;
  readonly prev: string;
  readonly seq: number;
  readonly origin: Pick<RecordOrigin, 'proxyId' | 'instance'>;
}

/** Length of `bytes` without the NULs at its end: space that was reserved, or what a file system leaves after a power failure. */
function withoutNulls(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}

/** No record begins with a NUL: what follows one is found at its first byte that is none. */
export const strayProblem = 'there is something in the space reserved behind the last record';

/**
 * Why the bytes behind a stream's last newline are not what a crash leaves, which is the beginning of the next record,
 * possibly followed by NULs; undefined where they are.
 */
export function tornTailProblem(bytes: Uint8Array, chain: ChainPosition): string | undefined {
  const end = withoutNulls(bytes);
  if (end === 0) return undefined;
  if (bytes[0] === 0) return strayProblem;
  if (end > maxRecordBytes) return 'the last line is longer than a record can be';
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end), {
      stream: true,
    });
  } catch {
    return 'the last line is not text';
  }
  const mark = text.indexOf(hashMark);
  const body = mark === -1 ? completeMembers(text) : text.slice(0, mark);
  if (body === undefined) return 'the last line is not the beginning of a record';
  if (body !== '' && !fits(body, chain)) return 'the last line is not the beginning of the next record';
  if (mark === -1) return undefined;
  const ending = `${chainHash(chain.hashHead, chain.prev, body)}${hashEnd}`;
  return ending.startsWith(text.slice(mark + hashMark.length)) &&
    text.length < mark + hashMark.length + ending.length
    ? undefined
    : 'the hash of the last line does not match its bytes';
}

/** Whether the whole members of a record that begins so are in order and those of the record expected here. */
function fits(body: string, chain: ChainPosition): boolean {
  let value: unknown;
  try {
    value = JSON.parse(`${body}}`);
  } catch {
    return false;
  }
  if (canonicalJson(value) !== `${body}}`) return false;
  const { seq, prev, proxyId, instance } = value as Record<string, unknown>;
  return (
    (seq === undefined || seq === chain.seq) &&
    (prev === undefined || prev === chain.prev) &&
    (proxyId === undefined || proxyId === chain.origin.proxyId) &&
    (instance === undefined || instance === chain.origin.instance)
  );
}

const numberPrefix = /^-?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?$/;
const isLiteralPrefix = (token: string): boolean =>
  ['true', 'false', 'null'].some((literal) => literal.startsWith(token)) || numberPrefix.test(token);

/** Index behind the string that begins at `start`, or the text's length where it is cut off, or -1 where it is no JSON string. */
function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === 0x22) return index + 1;
    if (character < 0x20) return -1;
    if (character === 0x5c) index++;
  }
  return text.length;
}

/**
 * Walks the beginning of a JSON object without white space. Returns the text of its complete members, with the opening
 * brace but without a closing one (empty where none is complete), or undefined where no such object begins so.
 */
function completeMembers(text: string): string | undefined {
  const closers: string[] = [];
  let lastMember = 0;
  let index = 0;
  /** What may come next: a value, a key, a key or the end of an object, what follows a key, what follows a value. */
  let next: 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'separator' = 'value';
  if (text[0] !== '{') return undefined;
  while (index < text.length) {
    const character = text[index] as string;
    if (next === 'separator' && character === ',') {
      if (closers.length === 1) lastMember = index;
      next = closers.at(-1) === '}' ? 'key' : 'value';
      index++;
    } else if (
      character === closers.at(-1) &&
      (next === 'separator' || next === 'first-key' || next === 'first-value')
    ) {
      closers.pop();
      if (closers.length === 0) return undefined;
      next = 'separator';
      index++;
    } else if (next === 'colon' && character === ':') {
      next = 'value';
      index++;
    } else if ((next === 'key' || next === 'first-key') && character === '"') {
      index = stringEnd(text, index);
      next = 'colon';
    } else if (next === 'value' || next === 'first-value') {
      if (character === '{' || character === '[') {
        closers.push(character === '{' ? '}' : ']');
        next = character === '{' ? 'first-key' : 'first-value';
        index++;
      } else if (character === '"') {
        index = stringEnd(text, index);
        next = 'separator';
      } else {
        const start = index;
        while (index < text.length && !',]}'.includes(text[index] as string)) index++;
        if (!isLiteralPrefix(text.slice(start, index))) return undefined;
        next = 'separator';
      }
    } else {
      return undefined;
    }
    if (index === -1) return undefined;
  }
  return text.slice(0, lastMember);
}
