/** Where in a YAML text something is written: enough of YAML to offer what may stand there, in a text that is not whole. */
export interface PlaceInYaml {
  /** Keys and, for items of lists, indices from the root to the value that is written, or to the map a key is written in. */
  readonly path: readonly (string | number)[];
  /** `either`: what is begun may become a key or a value by itself. */
  readonly at: 'key' | 'value' | 'either';
  /** Where the begun word starts, as an offset. */
  readonly from: number;
  /** Keys that the map has already. */
  readonly present: readonly string[];
}

interface Level {
  readonly indent: number;
  /** The key or the index under which the level's content stands. */
  readonly step: string | number;
  readonly kind: 'key' | 'item';
  /** Keys beside this one. */
  readonly siblings: Set<string>;
}

const keyForm = /^(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_.[\]*-]+))\s*:(?=\s|$)/;

/** Undefined inside comments, block texts and quoted texts. `offset` is in UTF-16 units. */
export function placeInYaml(text: string, offset: number): PlaceInYaml | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(0, lineStart).split('\n').slice(0, -1);
  const stack: Level[] = [];
  let blockBelow: number | undefined;
  let flow: { readonly path: readonly (string | number)[]; text: string } | undefined;
  for (const line of before) {
    if (flow !== undefined) {
      flow.text += `${withoutComment(line)}\n`;
      if (depthOf(flow.text) <= 0) flow = undefined;
      continue;
    }
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    if (blockBelow !== undefined && indent > blockBelow) continue;
    blockBelow = undefined;
    const content = withoutComment(line);
    if (content.trim() === '') continue;
    const rest = enter(stack, content);
    if (/^[|>][+-]?[0-9]?\s*$/.test(rest)) blockBelow = stack.at(-1)?.indent ?? 0;
    if (/^[[{]/.test(rest) && depthOf(rest) > 0) flow = { path: pathOf(stack), text: `${rest}\n` };
  }
  const prefix = text.slice(lineStart, offset);
  if (withoutComment(prefix) !== prefix) return undefined;
  if (flow !== undefined) return placeInFlow(flow.path, flow.text + prefix, offset);
  const indent = prefix.search(/\S/);
  if (blockBelow !== undefined && (indent < 0 ? prefix.length : indent) > blockBelow) return undefined;
  return placeInBlock(stack, prefix, { text, offset, lineStart });
}

function placeInBlock(
  stack: Level[],
  prefix: string,
  here: { readonly text: string; readonly offset: number; readonly lineStart: number },
): PlaceInYaml | undefined {
  const rest = enter(stack, prefix, true);
  if (/^[[{]/.test(rest)) return placeInFlow(pathOf(stack), rest, here.offset);
  if (/^["']/.test(rest)) return undefined;
  const column = prefix.length - rest.length;
  const from = here.offset - rest.length;
  const afterKey = stack.at(-1)?.kind === 'key' && stack.at(-1)?.indent === keyColumn(prefix);
  if (afterKey) {
    return /^\S*$/.test(rest) ? { path: pathOf(stack), at: 'value', from, present: [] } : undefined;
  }
  if (!/^[\w.*-]*$/.test(rest)) return undefined;
  const siblings = new Set([...keysAbove(here, column), ...keysBelow(here, column)]);
  return { path: pathOf(stack), at: 'either', from, present: [...siblings] };
}

/** The column of the key that the begun line has, if it has one. */
function keyColumn(prefix: string): number {
  const dashes = /^\s*(?:-\s+)*/.exec(prefix)?.[0].length ?? 0;
  return keyForm.test(prefix.slice(dashes)) ? dashes : -1;
}

/** Takes a line into the stack of what is open; what it returns is what follows the line's key, or its words. */
function enter(stack: Level[], line: string, isBegun = false): string {
  let indent = line.search(/\S/);
  if (indent < 0) indent = line.length;
  let rest = line.slice(indent);
  for (let dash = /^-(\s+|$)/.exec(rest); dash !== null; dash = /^-(\s+|$)/.exec(rest)) {
    // A dash under the cursor may still become something else, but stands in its list.
    leave(stack, (level) => level.indent > indent);
    const top = stack.at(-1);
    const step = top?.kind === 'item' && top.indent === indent ? Number(top.step) + 1 : 0;
    if (top?.kind === 'item' && top.indent === indent) stack.pop();
    stack.push({ indent, step, kind: 'item', siblings: new Set() });
    indent += dash[0].length;
    rest = rest.slice(dash[0].length);
  }
  const key = keyForm.exec(rest);
  if (key === null) {
    leave(stack, (level) => level.indent >= indent && !(level.kind === 'item' && level.indent < indent));
    return rest;
  }
  const name = key[1] ?? key[2] ?? key[3] ?? '';
  leave(stack, (level) => level.indent >= indent);
  stack.push({ indent, step: name, kind: 'key', siblings: new Set() });
  const after = rest.slice(key[0].length);
  return isBegun ? after.replace(/^\s+/, '') : after.trim();
}

function leave(stack: Level[], isOver: (level: Level) => boolean): void {
  for (let top = stack.at(-1); top !== undefined && isOver(top); top = stack.at(-1)) stack.pop();
}

const pathOf = (stack: readonly Level[]): readonly (string | number)[] => stack.map(({ step }) => step);

/** Keys of the same map in the lines above: those in the same column, up to a line that stands further left. */
function keysAbove(
  { text, lineStart }: { readonly text: string; readonly lineStart: number },
  column: number,
): readonly string[] {
  const found: string[] = [];
  const own = text.slice(lineStart, lineStart + column);
  if (own.includes('-')) return found;
  for (const line of text.slice(0, lineStart).split('\n').reverse()) {
    const content = withoutComment(line);
    if (content.trim() === '') continue;
    const start = /^\s*(?:-\s+)*/.exec(content)?.[0].length ?? 0;
    if (start < column) break;
    const key = start === column ? keyForm.exec(content.slice(start)) : null;
    if (key !== null) found.push(key[1] ?? key[2] ?? key[3] ?? '');
    if (start === column && /^\s*-/.test(content)) break;
    if (content.search(/\S/) < column && start > column) break;
  }
  return found;
}

function keysBelow(
  { text, offset }: { readonly text: string; readonly offset: number },
  column: number,
): readonly string[] {
  const found: string[] = [];
  const next = text.indexOf('\n', offset);
  if (next < 0) return found;
  for (const line of text.slice(next + 1).split('\n')) {
    const content = withoutComment(line);
    if (content.trim() === '') continue;
    const indent = content.search(/\S/);
    if (indent < column) break;
    const key = indent === column ? keyForm.exec(content.slice(indent)) : null;
    if (key !== null) found.push(key[1] ?? key[2] ?? key[3] ?? '');
  }
  return found;
}

/** Up to a "#" that begins a comment: at the start or after a blank, outside quotes. */
function withoutComment(line: string): string {
  let quote = '';
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] ?? '';
    if (quote !== '') {
      if (character === '\\' && quote === '"') index += 1;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && /^$|[\s,[{:]/.test(line[index - 1] ?? '')) {
      quote = character;
    } else if (character === '#' && /^$|\s/.test(line[index - 1] ?? '')) {
      return line.slice(0, index);
    }
  }
  return line;
}

/** How many brackets are open at the end. */
const depthOf = (text: string): number => readFlow([], text).length;

interface OpenFlow {
  readonly kind: 'map' | 'list';
  readonly path: readonly (string | number)[];
  readonly keys: string[];
  key: string | undefined;
  index: number;
  word: string;
  isQuoted: boolean;
}

/** The brackets that are open at the end of `text`, which begins with the first of them. */
function readFlow(path: readonly (string | number)[], text: string): readonly OpenFlow[] {
  const open: OpenFlow[] = [];
  const valuePath = (): readonly (string | number)[] => {
    const top = open.at(-1);
    if (top === undefined) return path;
    return [...top.path, top.kind === 'list' ? top.index : (top.key ?? '')];
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    const top = open.at(-1);
    if (character === '{' || character === '[') {
      const kind = character === '{' ? 'map' : 'list';
      open.push({ kind, path: valuePath(), keys: [], key: undefined, index: 0, word: '', isQuoted: false });
    } else if (top === undefined) {
      break;
    } else if (character === '}' || character === ']') {
      open.pop();
      const outer = open.at(-1);
      if (outer === undefined) break;
      outer.word = '';
    } else if (character === ',') {
      top.index += 1;
      top.key = undefined;
      top.word = '';
      top.isQuoted = false;
    } else if (character === ':' && top.kind === 'map' && /\s|^$/.test(text[index + 1] ?? '')) {
      top.key = top.word.trim();
      top.keys.push(top.key);
      top.word = '';
      top.isQuoted = false;
    } else if ((character === '"' || character === "'") && top.word.trim() === '') {
      const end = endOfQuote(text, index);
      top.isQuoted = end < 0;
      top.word = end < 0 ? text.slice(index) : text.slice(index + 1, end);
      index = end < 0 ? text.length : end;
    } else {
      top.word += character;
    }
  }
  return open;
}

function endOfQuote(text: string, start: number): number {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\' && quote === '"') index += 1;
    else if (text[index] === quote) return index;
  }
  return -1;
}

function placeInFlow(
  path: readonly (string | number)[],
  text: string,
  offset: number,
): PlaceInYaml | undefined {
  const top = readFlow(path, text).at(-1);
  if (top === undefined || top.isQuoted) return undefined;
  const word = top.word.replace(/^\s+/, '');
  if (!/^[\w.*-]*$/.test(word)) return undefined;
  const from = offset - word.length;
  if (top.kind === 'map' && top.key === undefined) {
    return { path: top.path, at: 'key', from, present: top.keys };
  }
  return {
    path: [...top.path, top.kind === 'list' ? top.index : (top.key ?? '')],
    at: 'value',
    from,
    present: [],
  };
}
