/** A place in a JSON text: member names and array indexes from the root. */
export type JsonPath = readonly (string | number)[];

/** Where things are in a JSON text, as offsets in UTF-16 units. Made only when something is wrong. */
export interface JsonPlaces {
  /** What keeps the text from being JSON, if anything does. */
  readonly problem?: { readonly offset: number; readonly message: string };
  /** The first member whose name its object has twice. */
  readonly duplicate?: { readonly offset: number; readonly path: JsonPath };
  keyAt(path: JsonPath): number | undefined;
  valueAt(path: JsonPath): number | undefined;
}

const deepest = 64;
const scalarToken =
  /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![A-Za-z0-9_.+-])/y;

class Stop extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Reads a JSON text a second time, for its places. Stops at the first thing that is not JSON. */
export function jsonPlaces(text: string): JsonPlaces {
  const keys = new Map<string, number>();
  const values = new Map<string, number>();
  let duplicate: JsonPlaces['duplicate'];
  let at = 0;

  const skipSpace = () => {
    while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at++;
  };
  const stop = (message: string): never => {
    throw new Stop(at, message);
  };
  const takeScalar = (): boolean => {
    scalarToken.lastIndex = at;
    const found = scalarToken.exec(text)?.[0];
    at += found?.length ?? 0;
    return found !== undefined;
  };
  const takeString = (): string => {
    const start = at;
    let end = at + 1;
    while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
    try {
      const content: unknown = JSON.parse(text.slice(start, end + 1));
      at = end + 1;
      return String(content);
    } catch {
      return stop('This string is not closed, or has a character that must be escaped.');
    }
  };
  const next = (): string => (at < text.length ? `"${text[at]}"` : 'the end of the file');

  function readObject(path: JsonPath): void {
    const seen = new Set<string>();
    at++;
    skipSpace();
    if (text[at] === '}') {
      at++;
      return;
    }
    for (;;) {
      skipSpace();
      const start = at;
      if (text[at] === '}') stop('A comma before "}" is not allowed.');
      if (text[at] !== '"') stop(`A member name in double quotes belongs here, not ${next()}.`);
      const key = takeString();
      const member = [...path, key];
      if (seen.has(key)) duplicate ??= { offset: start, path: member };
      seen.add(key);
      keys.set(JSON.stringify(member), start);
      skipSpace();
      if (text[at] !== ':') stop(`A ":" belongs here, not ${next()}.`);
      at++;
      readValue(member);
      if (endOfList('}')) return;
    }
  }

  function readArray(path: JsonPath): void {
    at++;
    skipSpace();
    if (text[at] === ']') {
      at++;
      return;
    }
    for (let index = 0; ; index++) {
      skipSpace();
      if (text[at] === ']') stop('A comma before "]" is not allowed.');
      readValue([...path, index]);
      if (endOfList(']')) return;
    }
  }

  function endOfList(close: string): boolean {
    skipSpace();
    if (text[at] !== ',' && text[at] !== close) stop(`A "," or "${close}" belongs here, not ${next()}.`);
    at++;
    return text[at - 1] === close;
  }

  function readValue(path: JsonPath): void {
    skipSpace();
    if (path.length > deepest) stop(`More than ${deepest} levels.`);
    values.set(JSON.stringify(path), at);
    const first = text[at];
    if (first === '{') readObject(path);
    else if (first === '[') readArray(path);
    else if (first === '"') takeString();
    else if (first === '/') stop('JSON has no comments.');
    else if (!takeScalar()) stop(`A value belongs here, not ${next()}.`);
  }

  let problem: JsonPlaces['problem'];
  try {
    if (text.startsWith('\ufeff')) stop('The file starts with a byte order mark.');
    readValue([]);
    skipSpace();
    if (at < text.length) stop(`Nothing may follow the value, but here is ${next()}.`);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    problem = { offset: error.offset, message: error.message };
  }
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(duplicate === undefined ? {} : { duplicate }),
    keyAt: (path) => keys.get(JSON.stringify(path)),
    valueAt: (path) => values.get(JSON.stringify(path)),
  };
}

/** Line and column, both from 1, of an offset. A line ends at `\n`. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (const character of before) if (character === '\n') line++;
  return { line, column: offset - lineStart + 1 };
}
