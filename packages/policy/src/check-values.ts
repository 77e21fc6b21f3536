import {
  type Located,
  type LocatedEntry,
  type LocatedMap,
  nameOfKind,
  type Place,
  type Problems,
} from './located.ts';
import { policyLimits } from './policy.ts';
import { meantWord, suggestion } from './suggest.ts';

/** The entries of a map by key; unknown keys are problems. */
export function knownEntries(
  node: LocatedMap,
  words: {
    readonly keys: readonly string[];
    readonly of: string;
    readonly synonyms?: Readonly<Record<string, string>>;
  },
  problems: Problems,
): ReadonlyMap<string, LocatedEntry> {
  const found = new Map<string, LocatedEntry>();
  for (const entry of node.entries) {
    if (words.keys.includes(entry.key)) found.set(entry.key, entry);
    else {
      problems.add(
        entry.keyAt,
        `"${quoted(entry.key)}" is not a key of ${words.of}.`,
        suggestion(entry.key, words.keys, words.synonyms),
      );
      const meant = meantWord(entry.key, words.keys, words.synonyms);
      if (meant !== undefined) problems.excuse(node.at, meant);
    }
  }
  return found;
}

/** Foreign text in a message: one line, bounded. */
export const quoted = (text: string): string =>
  (text.length > 60 ? `${text.slice(0, 60)}…` : text).replace(/[\n\r\t]/g, ' ');

export function asMap(node: Located, what: string, problems: Problems): LocatedMap | undefined {
  if (node.kind === 'map') return node;
  problems.add(node.at, `${what} must be a map, but this is ${nameOfKind(node)}.`);
  return undefined;
}

/** A text, or a problem that shows how to quote what YAML took for something else. */
export function asText(node: Located, what: string, problems: Problems): string | undefined {
  if (node.kind !== 'scalar') {
    problems.add(node.at, `${what} must be a text, but this is ${nameOfKind(node)}.`);
  } else if (typeof node.value === 'string') {
    if (node.value === '') {
      problems.add(node.at, `${what} is an empty text.`);
    } else if (node.value.length > policyLimits.patternLength) {
      problems.add(node.at, `${what} is longer than ${policyLimits.patternLength} characters.`);
    } else {
      return node.value;
    }
  } else if (node.value === null) {
    problems.add(node.at, `${what} is empty.`, 'Give it a value or remove the key; quote a "*" or "~".');
  } else {
    problems.add(
      node.at,
      `${what} must be a text, but this is ${nameOfKind(node)}.`,
      `Put it in quotes: "${String(node.value)}".`,
    );
  }
  return undefined;
}

/** One value or a list of values, each read by `read`; an empty list is a problem. */
export function oneOrMore<T>(
  node: Located,
  what: string,
  context: { readonly problems: Problems; readonly read: (item: Located) => T | undefined },
): readonly T[] {
  const { problems, read } = context;
  if (node.kind !== 'list') {
    const value = read(node);
    return value === undefined ? [] : [value];
  }
  if (node.items.length === 0) problems.add(node.at, `${what} is an empty list, which nothing matches.`);
  if (node.items.length > policyLimits.listLength) {
    problems.add(node.at, `${what} has more than ${policyLimits.listLength} values.`);
  }
  return node.items
    .map(read)
    .filter((value): value is Exclude<typeof value, undefined> => value !== undefined) as T[];
}

/** A word out of a closed list. */
export function asWord<Word extends string>(
  node: Located,
  words: {
    readonly list: readonly Word[];
    readonly what: string;
    readonly synonyms?: Readonly<Record<string, string>>;
  },
  problems: Problems,
): Word | undefined {
  const text = node.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
  const word = words.list.find((known) => known === text);
  if (word !== undefined) return word;
  if (text === undefined) {
    problems.add(
      node.at,
      `${words.what} must be a word, but this is ${nameOfKind(node)}.`,
      `Use one of: ${words.list.join(', ')}.`,
    );
  } else {
    problems.add(
      node.at,
      `"${quoted(text)}" is no value of ${words.what}.`,
      suggestion(text, words.list, words.synonyms),
    );
  }
  return undefined;
}

/** Runs a reader of ours that throws sentences, and turns those into problems. */
export function attempt(at: Place, problems: Problems, run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.add(at, error.message);
    return false;
  }
}
