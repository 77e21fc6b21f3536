import { condensedPath, maxPathLength } from './path-forms.ts';
import { schemeLength } from './uri-forms.ts';

/** Characters read in search of mentions, and mentions kept, for one call. */
export const maxScannedCharacters = 1024 * 1024;
export const maxMentions = 256;

/** Tells whether a text could hold a path or URI at all; nearly free for one that cannot. */
export const mayHoldPath = (text: string): boolean => /[/\\~:.%]/.test(text);

const fileName =
  /^(?:\.[\p{L}\p{N}_-][\p{L}\p{N}_.-]{0,250}|[\p{L}\p{N}_-][\p{L}\p{N}_.-]{0,250}\.[A-Za-z][A-Za-z0-9]{0,9})$/u;

/** A path by its form alone: rooted, of the home, of the current folder, of a drive, or a `file:` or other URI. */
export function isRootedForm(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first === 47 || first === 126) return true;
  if (first === 46) return /^\.{1,2}(?:[/\\]|$)/.test(text);
  if (first === 92) return text.length > 1;
  if (first === 36 || first === 37) {
    return (
      /^(?:\$HOME|\$\{HOME\}|%USERPROFILE%|\$env:USERPROFILE)(?:[/\\]|$)/i.test(text) || encodedRoot(text)
    );
  }
  return /^[A-Za-z]:[\\/]/.test(text) || schemeLength(text) > 0;
}

const encodedRoot = (text: string): boolean => /^(?:%25)*%(?:2f|5c|7e|2e)/i.test(text);

/** A relative path that its form gives away: slashes, and a dot somewhere. */
export const isRelativeForm = (text: string): boolean =>
  /[/\\]|%2f|%5c/i.test(text) && (text.includes('.') || /%2e/i.test(text));

/** Anything that could be read as a path: for deny and ask, a folder or file name by form counts too. */
export const isPathShaped = (text: string): boolean =>
  isRootedForm(text) || /[/\\]|%2f|%5c/i.test(text) || fileName.test(text);

export interface MentionScan {
  readonly tokens: readonly string[];
  readonly complete: boolean;
}

const separators = /[\s"'`=,;|&()<>[\]{}]+/;
const words = /\s+/;

/**
 * The path-shaped tokens of a longer text: words, parts between quotes (blanks included), values of `key=value`,
 * parts of `a:b` lists and of `user@host:path`, and words as a shell reads them once quotes and backslashes are gone.
 * Linear in the text.
 */
export function scanMentions(text: string): MentionScan {
  const complete = text.length <= maxScannedCharacters;
  const scanned = complete ? text : text.slice(0, maxScannedCharacters);
  const found = new Set<string>();
  let overflow = false;
  const add = (written: string): void => {
    const token = written.length > maxPathLength ? condensedPath(written) : written;
    if (token === undefined || token === '' || !isPathShaped(token)) return;
    if (found.size < maxMentions) found.add(token);
    else if (!found.has(token)) overflow = true;
  };
  for (const word of scanned.split(words)) {
    if (!mayHoldPath(word) && !word.includes('$')) continue;
    if (/["'`\\]/.test(word)) {
      add(word.replace(/["'`]/g, ''));
      add(word.replace(/["'`\\]/g, ''));
    }
    for (const part of word.split(separators)) addParts(part, add);
    // A URI may itself hold separators (a query), so the word counts as a whole too.
    if (word.length <= maxPathLength && schemeLength(word) > 0) add(word);
  }
  for (const quote of ['"', "'", '`']) addQuoted(scanned, quote, add);
  return { tokens: [...found], complete: complete && !overflow };
}

function addParts(part: string, add: (token: string) => void): void {
  if (!mayHoldPath(part) || part.length > maxPathLength * 4) return;
  // Ends of sentences and of lists are no part of a path.
  const token = part.replace(/[.,:!?]{1,8}$/, (end) => (/^\.{1,2}$/.test(part) ? end : ''));
  add(token);
  if (token !== part) add(part);
  if (/^[-@+]/.test(token)) {
    const slash = token.search(/[/~\\]/);
    if (slash > 0) add(token.slice(slash));
    add(token.replace(/^[-@+]+/, ''));
  }
  const scheme = schemeLength(token);
  if (token.includes(':') && (scheme === 0 || token.indexOf('://', scheme + 3) > 0)) {
    const pieces = token.split(':', 32);
    for (const piece of pieces) add(piece);
    for (const inner of token.matchAll(/[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\//g)) {
      if (inner.index > 0) add(token.slice(inner.index));
    }
    const at = token.indexOf('@');
    // `user@host:path`, as ssh and git write it.
    if (at >= 0 && token.indexOf(':', at) > at + 1)
      add(`ssh://${token.slice(at + 1, token.indexOf(':', at))}/`);
  }
}

function addQuoted(text: string, quote: string, add: (token: string) => void): void {
  let open = text.indexOf(quote);
  while (open >= 0) {
    const close = text.indexOf(quote, open + 1);
    if (close < 0) return;
    const inner = text.slice(open + 1, Math.min(close, open + 2 + maxPathLength));
    if (inner.includes(' ') && isRootedForm(inner)) add(inner);
    // A closing quote may be an apostrophe's twin that opens the next pair.
    open = close;
  }
}
