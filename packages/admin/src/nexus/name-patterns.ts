import { policyLimits } from '@mcp-acp/policy/policy';

/**
 * Name patterns of mcp-acp-nexus: `*`, `?` and `[…]`, compared without regard to case where it says so. Ours know case, and
 * take `{`, `}` and `\` for more than themselves.
 */

const wild = /[*?[\]]/;

/** A pattern that matches no more than the one given; undefined where there is none. */
export function narrowerName(pattern: string): string | undefined {
  if (/[[\]]/.test(pattern)) return undefined;
  return bounded(pattern.replace(/[{}\\]/g, '\\$&'));
}

/** A pattern that matches no less than the one given; `*` where nothing closer can be said. */
export function widerName(pattern: string, caseless: boolean): string {
  let text = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '*') text += '*';
    // A class may be written in ways that read otherwise here, and a dotted capital I is two letters in lower case.
    else if (character === '?') text += /[iI]$/.test(pattern.slice(0, at)) ? '*' : '?';
    else if (character === '[' || (caseless && character > '\u007f')) return bounded(`${text}*`) ?? '*';
    else text += caseless ? eitherCase(character) : character.replace(/[\]{}\\]/, '\\$&');
  }
  return bounded(text) ?? '*';
}

function eitherCase(character: string): string {
  const lower = character.toLowerCase();
  if (lower === character.toUpperCase()) return character.replace(/[\]{}\\]/, '\\$&');
  // Two capitals beyond ASCII become these letters in lower case.
  const more = lower === 'k' ? '\u212a' : lower === 'i' ? '\u0130' : '';
  return `[${lower}${lower.toUpperCase()}${more}]`;
}

const bounded = (pattern: string): string | undefined =>
  pattern.length <= policyLimits.patternLength ? pattern : undefined;

/** What mcp-acp-nexus takes a tool for, by the beginning of its name or by what is in it, in this order. */
const operationWords = {
  read: { begins: 'read get list fetch search find', holds: 'read get list fetch search' },
  delete: { begins: 'delete remove drop clear', holds: 'delete remove drop clear' },
  write: {
    begins: 'write create edit update set save put add insert append',
    holds: 'write create edit update set save put add insert append',
  },
} as const;
export type NexusOperation = keyof typeof operationWords;
export const nexusOperations: readonly NexusOperation[] = ['read', 'delete', 'write'];

/** Patterns of the names that it takes for such a tool, those of an operation that comes first included. */
export function namesOfOperation(operation: NexusOperation): readonly string[] {
  const { begins, holds } = operationWords[operation];
  return [...begins.split(' ').map((word) => `${word}_*`), ...holds.split(' ').map((word) => `*_${word}*`)];
}

/** Patterns that match no name but those both match. */
export function namesInBoth(pattern: string, operation: NexusOperation): readonly string[] {
  const { begins, holds } = operationWords[operation];
  const end = pattern.search(wild);
  const front = (end < 0 ? pattern : pattern.slice(0, end)).toLowerCase();
  const starts = begins.split(' ').map((word) => `${word}_`);
  const parts = holds.split(' ').map((word) => `_${word}`);
  if (starts.some((start) => front.startsWith(start)) || parts.some((part) => front.includes(part)))
    return [pattern];
  const rest = pattern.slice(1);
  if (!pattern.startsWith('*') || wild.test(rest)) return [];
  if (parts.some((part) => rest.toLowerCase().includes(part))) return [pattern];
  return starts.flatMap((start) => {
    const joined = [`${start}*${rest}`];
    for (let shared = 1; shared <= Math.min(start.length, rest.length); shared++) {
      if (start.endsWith(rest.slice(0, shared))) joined.push(start + rest.slice(shared));
    }
    return joined;
  });
}
