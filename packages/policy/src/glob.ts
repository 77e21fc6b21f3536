import { policyLimits } from './policy.ts';

/**
 * Patterns: `*` any run of characters, `?` one character, `[abc]`, `[a-z]`, `[!abc]`, `{a,b}`, and `\` before a
 * character that stands for itself. Two variants: a *name* pattern, whose `*` crosses everything, and a *path*
 * pattern, whose `*`, `?` and classes stay inside one segment while a segment `**` stands for any number of
 * segments, none included (so `**` + `/x/**` matches `x`).
 *
 * Matching never backtracks further than to the latest star, so its steps are bounded by the product of the lengths
 * of pattern and text; no regular expression is built from a pattern.
 */
export type Glob = (text: string) => boolean;
/** A pattern that could not be read, with a sentence that says why. */
class GlobProblem extends Error {}

const any = -1;
const star = -2;

interface CharacterClass {
  readonly negated: boolean;
  /** Pairs of first and last code point. */
  readonly ranges: readonly (readonly [number, number])[];
}

interface Tokens {
  /** A UTF-16 code unit, `any`, `star`, or -3 - n for the n-th class. */
  readonly codes: readonly number[];
  readonly classes: readonly CharacterClass[];
  /** The text it stands for, when nothing in it is special. */
  readonly literal?: string;
}

/** Counts character comparisons, so that a test can hold the bound. */
export const globSteps = { count: 0 };

/** `{a,b{c,d}}` unfolded, at most `policyLimits.alternatives` patterns. */
export function unfoldBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const open: string[] = [pattern];
  while (open.length > 0) {
    const text = open.pop() as string;
    const brace = findOpenBrace(text);
    if (brace < 0) {
      done.push(text);
    } else {
      const { parts, end } = bracedParts(text, brace);
      for (let index = parts.length - 1; index >= 0; index--) {
        open.push(text.slice(0, brace) + parts[index] + text.slice(end + 1));
      }
    }
    if (done.length + open.length > policyLimits.alternatives) {
      throw new GlobProblem(`The braces stand for more than ${policyLimits.alternatives} patterns.`);
    }
  }
  return done;
}

function findOpenBrace(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '[') at = classEnd(text, at);
    else if (text[at] === '{') return at;
    else if (text[at] === '}') throw new GlobProblem('A "}" has no "{".');
  }
  return -1;
}

function bracedParts(text: string, open: number): { parts: string[]; end: number } {
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '[') at = classEnd(text, at);
    else if (character === '{') depth++;
    else if (character === ',' && depth === 1) {
      parts.push(text.slice(from, at));
      from = at + 1;
    } else if (character === '}' && --depth === 0) {
      parts.push(text.slice(from, at));
      return { parts, end: at };
    }
  }
  throw new GlobProblem('A "{" is not closed.');
}

/** Where the class that opens at `open` closes. A "]" right after the opening stands for itself. */
function classEnd(text: string, open: number): number {
  let at = open + 1;
  if (text[at] === '!' || text[at] === '^') at++;
  if (text[at] === ']') at++;
  for (; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ']') return at;
  }
  throw new GlobProblem('A "[" is not closed. Write "\\[" for the character itself.');
}

function readClass(text: string): CharacterClass {
  const characters = Array.from(text);
  const negated = characters[0] === '!' || characters[0] === '^';
  const ranges: [number, number][] = [];
  let at = negated ? 1 : 0;
  const next = (): number => {
    if (characters[at] === '\\' && at + 1 < characters.length) at++;
    return characters[at++]?.codePointAt(0) ?? 0;
  };
  while (at < characters.length) {
    const first = next();
    if (characters[at] === '-' && at + 1 < characters.length) {
      at++;
      const last = next();
      if (last < first) throw new GlobProblem('A range in "[…]" runs backwards.');
      ranges.push([first, last]);
    } else {
      ranges.push([first, first]);
    }
  }
  if (ranges.length === 0) throw new GlobProblem('A "[]" is empty.');
  return { negated, ranges };
}

function tokenize(text: string): Tokens {
  const codes: number[] = [];
  const classes: CharacterClass[] = [];
  let literal: string | undefined = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '*') {
      if (codes.at(-1) !== star) codes.push(star);
      literal = undefined;
    } else if (character === '?') {
      codes.push(any);
      literal = undefined;
    } else if (character === '[') {
      const end = classEnd(text, at);
      classes.push(readClass(text.slice(at + 1, end)));
      codes.push(-2 - classes.length);
      literal = undefined;
      at = end;
    } else {
      if (character === '\\') {
        at++;
        if (at === text.length) throw new GlobProblem('A "\\" ends the pattern.');
      }
      codes.push(text.charCodeAt(at));
      if (literal !== undefined) literal += text[at];
    }
  }
  return literal === undefined ? { codes, classes } : { codes, classes, literal };
}

const characterLength = (text: string, at: number, end: number): number =>
  at + 1 < end && (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    ? 2
    : 1;

function inClass(set: CharacterClass, codePoint: number): boolean {
  for (const [first, last] of set.ranges) {
    if (codePoint >= first && codePoint <= last) return !set.negated;
  }
  return set.negated;
}

/** How many UTF-16 units of `text` at `at` the code takes, or 0. */
function taken(tokens: Tokens, code: number, text: string, bounds: { at: number; end: number }): number {
  if (code >= 0) return text.charCodeAt(bounds.at) === code ? 1 : 0;
  const length = characterLength(text, bounds.at, bounds.end);
  if (code === any) return length;
  return inClass(tokens.classes[-3 - code] as CharacterClass, text.codePointAt(bounds.at) ?? 0) ? length : 0;
}

function matchTokens(tokens: Tokens, text: string, from: number, end: number): boolean {
  const { codes } = tokens;
  let code = 0;
  let starCode = -1;
  let starAt = 0;
  const bounds = { at: from, end };
  while (bounds.at < end) {
    globSteps.count++;
    const current = codes[code];
    if (current === star) {
      starCode = ++code;
      starAt = bounds.at;
      if (code === codes.length) return true;
      continue;
    }
    const length = current === undefined ? 0 : taken(tokens, current, text, bounds);
    if (length > 0) {
      code++;
      bounds.at += length;
      continue;
    }
    if (starCode < 0) return false;
    starAt += characterLength(text, starAt, end);
    bounds.at = starAt;
    code = starCode;
  }
  while (codes[code] === star) code++;
  return code === codes.length;
}

/** Compiles a name pattern. Throws {@link GlobProblem}. */
export function compileNameGlob(pattern: string): Glob {
  return anyGlob(unfoldBraces(pattern).map(compileName));
}

function compileName(pattern: string): Glob {
  const tokens = tokenize(pattern);
  const { codes, literal } = tokens;
  if (literal !== undefined) return (text) => text === literal;
  if (codes.length === 1 && codes[0] === star) return () => true;
  const head = codes.slice(0, -1);
  if (codes.at(-1) === star && head.every((code) => code >= 0)) {
    const prefix = String.fromCharCode(...head);
    return (text) => text.startsWith(prefix);
  }
  return (text) => matchTokens(tokens, text, 0, text.length);
}

type Segment = Tokens | 'any-number';

/** Compiles a path pattern; paths are written with `/` and without a trailing one. Throws {@link GlobProblem}. */
export function compilePathGlob(pattern: string): Glob {
  return anyGlob(unfoldBraces(pattern).map(compilePath));
}

/** The pattern's segments; a "/" inside a class or after a backslash does not exist in a path, so it is refused. */
export function splitSegments(pattern: string): readonly string[] {
  const segments: string[] = [];
  let from = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') at++;
    else if (character === '[') {
      const end = classEnd(pattern, at);
      if (pattern.slice(at, end).includes('/')) throw new GlobProblem('"/" cannot be inside "[…]".');
      at = end;
    } else if (character === '/') {
      segments.push(pattern.slice(from, at));
      from = at + 1;
    }
  }
  segments.push(pattern.slice(from));
  return segments;
}

function compilePath(pattern: string): Glob {
  const trimmed = pattern.length > 1 && pattern.endsWith('/') ? pattern.slice(0, -1) : pattern;
  const segments = splitSegments(trimmed === '/' ? '' : trimmed).map((segment): Segment => {
    if (segment === '**') return 'any-number';
    if (/(?<!\\)\*\*/.test(segment)) throw new GlobProblem('"**" must stand alone between slashes.');
    return tokenize(segment);
  });
  const literals = segments.map((segment) => (segment === 'any-number' ? undefined : segment.literal));
  if (literals.every((literal) => literal !== undefined)) {
    const whole = literals.join('/');
    return (text) => text === whole || (text === '/' && whole === '');
  }
  if (
    segments.at(-1) === 'any-number' &&
    literals.slice(0, -1).every((literal) => literal !== undefined) &&
    segments.length > 1
  ) {
    const whole = literals.slice(0, -1).join('/');
    const prefix = `${whole}/`;
    return (text) => text.startsWith(prefix) || text === whole;
  }
  return (text) => matchSegments(segments, text === '/' ? '' : text);
}

/** Where the segment after the one that begins at `from` begins; beyond the end when there is none. */
function nextSegment(text: string, from: number): number {
  const slash = text.indexOf('/', from);
  return slash < 0 ? text.length + 1 : slash + 1;
}

function matchSegments(segments: readonly Segment[], text: string): boolean {
  let segment = 0;
  let at = 0;
  let starSegment = -1;
  let starAt = 0;
  while (at <= text.length) {
    const current = segments[segment];
    if (current === 'any-number') {
      starSegment = ++segment;
      starAt = at;
      if (segment === segments.length) return true;
      continue;
    }
    if (current !== undefined) {
      const next = nextSegment(text, at);
      const { literal } = current;
      const matches =
        literal === undefined
          ? matchTokens(current, text, at, next - 1)
          : next - 1 - at === literal.length && text.startsWith(literal, at);
      if (matches) {
        segment++;
        at = next;
        continue;
      }
    }
    if (starSegment < 0) return false;
    starAt = nextSegment(text, starAt);
    at = starAt;
    segment = starSegment;
  }
  while (segments[segment] === 'any-number') segment++;
  return segment === segments.length;
}

function anyGlob(globs: readonly Glob[]): Glob {
  const [only] = globs;
  if (only !== undefined && globs.length === 1) return only;
  return (text) => {
    for (const glob of globs) if (glob(text)) return true;
    return false;
  };
}
