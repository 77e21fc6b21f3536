import type { JsonValue } from '@mcp-acp/shared/json';

/** JSON text as it is written: the order of its members, and numbers in their own digits. */
export type OutlineNode =
  | { readonly kind: 'object'; readonly members: readonly OutlineMember[] }
  | { readonly kind: 'list'; readonly items: readonly OutlineNode[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly source: string }
  | { readonly kind: 'word'; readonly source: 'true' | 'false' | 'null' };

export interface OutlineMember {
  readonly name: string;
  readonly node: OutlineNode;
}

export interface Outline {
  readonly root: OutlineNode;
  /** The text ended before its value did: what is missing stands behind all that is here. */
  readonly cut: boolean;
}

/** Deeper than any message that a proxy takes. */
const deepest = 80;
const blank = /[ \t\r\n]*/y;
const numberBegun = /-?\d[-+.\deE]*|-/y;
const wholeNumber = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const words = ['true', 'false', 'null'] as const;

/**
 * Reads JSON text, or as much of it as there is. Undefined where it is no JSON.
 * `JSON.parse` would round numbers of more digits than a double holds, and show another call than the one that is sent.
 */
export function readOutline(text: string): Outline | undefined {
  let at = 0;
  let cut = false;

  const match = (form: RegExp): string | undefined => {
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const peek = (): string | undefined => {
    match(blank);
    return text[at];
  };
  const isOver = (): boolean => {
    if (peek() !== undefined) return false;
    cut = true;
    return true;
  };

  function readString(): string | undefined {
    const start = at;
    const end = endOfString(text, start);
    if (end !== undefined) {
      at = end;
      return parseString(text.slice(start, end));
    }
    // Nothing but the end of the text ends a string that was begun.
    const value = parseString(`${text.slice(start, endOfWholeEscapes(text))}"`);
    at = text.length;
    cut = true;
    return value;
  }

  function readObject(depth: number): OutlineNode | undefined {
    const members: OutlineMember[] = [];
    at++;
    while (!isOver()) {
      if (text[at] === '}' && members.length === 0) break;
      if (text[at] !== '"') return undefined;
      const name = readString();
      if (name === undefined) return undefined;
      // A name whose value is beyond the end is told with it.
      if (isOver()) break;
      if (text[at++] !== ':') return undefined;
      if (isOver()) break;
      const node = readValue(depth + 1);
      if (node === undefined) return undefined;
      members.push({ name, node });
      if (isOver() || text[at] === '}') break;
      if (text[at++] !== ',') return undefined;
    }
    at++;
    return { kind: 'object', members };
  }

  function readList(depth: number): OutlineNode | undefined {
    const items: OutlineNode[] = [];
    at++;
    while (!isOver()) {
      if (text[at] === ']' && items.length === 0) break;
      const node = readValue(depth + 1);
      if (node === undefined) return undefined;
      items.push(node);
      if (isOver() || text[at] === ']') break;
      if (text[at++] !== ',') return undefined;
    }
    at++;
    return { kind: 'list', items };
  }

  function readValue(depth: number): OutlineNode | undefined {
    if (depth > deepest) return undefined;
    const first = peek();
    if (first === '{') return readObject(depth);
    if (first === '[') return readList(depth);
    if (first === '"') {
      const value = readString();
      return value === undefined ? undefined : { kind: 'text', text: value };
    }
    const number = match(numberBegun);
    if (number !== undefined) {
      if (!wholeNumber.test(number)) {
        if (at < text.length) return undefined;
        cut = true;
      }
      return { kind: 'number', source: number };
    }
    const rest = text.slice(at, at + 5);
    for (const word of words) {
      if (rest.startsWith(word)) {
        at += word.length;
        return { kind: 'word', source: word };
      }
      if (rest !== '' && word.startsWith(rest) && at + rest.length === text.length) {
        at = text.length;
        cut = true;
        return { kind: 'word', source: word };
      }
    }
    return undefined;
  }

  const root = readValue(0);
  if (root === undefined || (!cut && peek() !== undefined)) return undefined;
  return { root, cut };
}

/** Where a text ends that was cut inside an escape: before that escape. */
function endOfWholeEscapes(text: string): number {
  const last = text.lastIndexOf('\\');
  const behind = text.slice(last + 1);
  const isCut = behind === '' || (behind.startsWith('u') && behind.length < 5);
  return last !== -1 && isCut && escapesBefore(text, last) % 2 === 0 ? last : text.length;
}

/** Backslashes in a row that end there. */
function escapesBefore(text: string, end: number): number {
  let count = 0;
  while (text[end - 1 - count] === '\\') count++;
  return count;
}

/** Behind the closing quote of the string that begins at `start`; undefined where there is none. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    if (escapesBefore(text, at) % 2 === 0) return at + 1;
  }
  return undefined;
}

function parseString(source: string): string | undefined {
  try {
    return JSON.parse(source) as string;
  } catch {
    return undefined;
  }
}

/**
 * A value that is equal to another exactly where both nodes say the same, however many digits a number has: strings and
 * numbers as text with a letter before it that tells them apart.
 */
export function comparableOf(node: OutlineNode): JsonValue {
  switch (node.kind) {
    case 'object': {
      const entries = node.members.map(({ name, node }) => [name, comparableOf(node)] as const);
      return Object.fromEntries(entries);
    }
    case 'list':
      return node.items.map(comparableOf);
    case 'text':
      return `t${node.text}`;
    case 'number':
      return `n${plainNumber(node.source)}`;
    case 'word':
      return node.source === 'null' ? null : node.source === 'true';
  }
}

/** `1e3` and `1000` are one number; digits that a double would lose are kept. */
const plainNumber = (source: string): string =>
  source.replace(/[eE].*|[^\d]/g, '').replace(/^0+/, '').length <= 15 ? String(Number(source)) : source;

/** What stands in a comparable value, as JSON text without white space. */
export function textOfComparable(value: JsonValue): string {
  if (typeof value === 'string')
    return value.startsWith('n') ? value.slice(1) : JSON.stringify(value.slice(1));
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(textOfComparable).join(', ')}]`;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${textOfComparable(member as JsonValue)}`,
  );
  return `{${members.join(', ')}}`;
}
