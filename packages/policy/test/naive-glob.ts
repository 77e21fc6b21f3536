/**
 * Globs by the book, for comparison: braces unfolded by recursion, then the whole table of "does the first i of the
 * pattern match the first j of the text". No code is shared with the matcher under test.
 */
export function naiveName(pattern: string, text: string): boolean {
  return unfold(pattern).some((one) => matchParts(partsOf(one), Array.from(text), () => true));
}

export function naivePath(pattern: string, text: string): boolean {
  const path = text === '/' ? [''] : text.split('/');
  return unfold(pattern).some((one) => {
    const trimmed = one.length > 1 && one.endsWith('/') ? one.slice(0, -1) : one;
    return matchSegments(trimmed === '/' ? [''] : trimmed.split('/'), path);
  });
}

function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const table = new Map<string, boolean>();
  const at = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const known = table.get(key);
    if (known !== undefined) return known;
    const result = ((): boolean => {
      const segment = pattern[i];
      if (segment === undefined) return j === path.length;
      if (segment === '**') return at(i + 1, j) || (j < path.length && at(i, j + 1));
      const name = path[j];
      return (
        name !== undefined && matchParts(partsOf(segment), Array.from(name), () => true) && at(i + 1, j + 1)
      );
    })();
    table.set(key, result);
    return result;
  };
  return at(0, 0);
}

type Part = '*' | ((character: string) => boolean);

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  const characters = Array.from(pattern);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] as string;
    if (character === '*') parts.push('*');
    else if (character === '?') parts.push(() => true);
    else if (character === '\\') {
      const literal = characters[++i];
      parts.push((other) => other === literal);
    } else if (character === '[') {
      const close = characters.indexOf(']', i + 2);
      const inner = characters.slice(i + 1, close);
      i = close;
      const negated = inner[0] === '!' || inner[0] === '^';
      const members = negated ? inner.slice(1) : inner;
      parts.push((other) => isMember(members, other) !== negated);
    } else parts.push((other) => other === character);
  }
  return parts;
}

function isMember(members: readonly string[], character: string): boolean {
  for (let i = 0; i < members.length; i++) {
    const [first, dash, last] = [members[i] as string, members[i + 1], members[i + 2]];
    if (dash === '-' && last !== undefined) {
      if (character >= first && character <= last) return true;
      i += 2;
    } else if (character === first) return true;
  }
  return false;
}

function matchParts(
  parts: readonly Part[],
  text: readonly string[],
  allowed: (c: string) => boolean,
): boolean {
  let row = Array.from({ length: text.length + 1 }, (_, j) => j === 0);
  for (const part of parts) {
    const next: boolean[] = [part === '*' && row[0] === true];
    for (let j = 1; j <= text.length; j++) {
      const character = text[j - 1] as string;
      next.push(
        part === '*'
          ? row[j] === true || (next[j - 1] === true && allowed(character))
          : row[j - 1] === true && part(character),
      );
    }
    row = next;
  }
  return row[text.length] === true;
}

function unfold(pattern: string): string[] {
  const open = pattern.indexOf('{');
  if (open < 0) return [pattern];
  let depth = 0;
  const parts: string[] = [''];
  for (let i = open; i < pattern.length; i++) {
    const character = pattern[i] as string;
    if (character === '{' && depth++ === 0) continue;
    if (character === '}' && --depth === 0) {
      return parts.flatMap((part) => unfold(pattern.slice(0, open) + part + pattern.slice(i + 1)));
    }
    if (character === ',' && depth === 1) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  throw new Error('open brace');
}
