/** A place in a policy's text. Lines and columns start at 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with a policy. */
export interface PolicyProblem extends Place {
  readonly message: string;
  /** What to write instead. */
  readonly fix?: string;
}

/** Parsed text with its places, free of the reader's own types. */
export type Located = LocatedMap | LocatedList | LocatedScalar;

export interface LocatedMap {
  readonly kind: 'map';
  readonly at: Place;
  readonly entries: readonly LocatedEntry[];
  /** True where an entry was left out because its value is a problem already. */
  readonly damaged: boolean;
}
export interface LocatedEntry {
  readonly key: string;
  readonly keyAt: Place;
  readonly value: Located;
}
export interface LocatedList {
  readonly kind: 'list';
  readonly at: Place;
  readonly items: readonly Located[];
}
export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly at: Place;
  readonly value: string | number | boolean | null;
}

/** Gathers problems while a policy is checked. */
export interface Problems {
  add(at: Place, message: string, fix?: string): void;
  /** A key of the map at `at` is there under a wrong name, which has been said: that it is missing need not be. */
  excuse(at: Place, key: string): void;
  /** That the map at `at` lacks a key it needs. */
  missing(at: Place, key: string, lack: { readonly message: string; readonly fix: string }): void;
}

export function collectProblems(limit: number): Problems & { readonly list: readonly PolicyProblem[] } {
  const list: PolicyProblem[] = [];
  const excused = new Set<string>();
  const add: Problems['add'] = ({ line, column }, message, fix) => {
    if (list.length < limit) list.push({ message, line, column, ...(fix === undefined ? {} : { fix }) });
  };
  const place = ({ line, column }: Place, key: string): string => `${line}:${column} ${key}`;
  return {
    list,
    add,
    excuse: (at, key) => void excused.add(place(at, key)),
    missing: (at, key, { message, fix }) => {
      if (!excused.has(place(at, key))) add(at, message, fix);
    },
  };
}

/** What a node is, for a sentence. */
export function nameOfKind(node: Located): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string'
    ? 'a text'
    : typeof node.value === 'number'
      ? 'a number'
      : 'true or false';
}
