import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** Where in a value: names of members and places in lists. Of what was removed: where it stood before. */
export type ArgumentPath = readonly (string | number)[];

export type ArgumentDifference =
  | { readonly kind: 'added'; readonly path: ArgumentPath; readonly after: JsonValue }
  | { readonly kind: 'removed'; readonly path: ArgumentPath; readonly before: JsonValue }
  | {
      readonly kind: 'changed';
      readonly path: ArgumentPath;
      readonly before: JsonValue;
      readonly after: JsonValue;
    };

export interface ArgumentDifferences {
  readonly differences: readonly ArgumentDifference[];
  /** There are more than were asked for. */
  readonly more: boolean;
}

/** Deeper than anything that comes over a wire; what lies below is compared as a whole. */
const deepest = 64;

/**
 * What differs between two JSON values, from the outside to the inside and in the order of `after`, what was removed
 * from an object or a list behind what it holds now. At most `most` differences.
 * Members of a list are compared after what is the same at its beginning and at its end was set aside, so that one more
 * at the front is one that was added, not a list of changes.
 */
export function argumentDifferences(before: JsonValue, after: JsonValue, most = 256): ArgumentDifferences {
  const found: ArgumentDifference[] = [];
  walk({ before, after, path: [] });
  return { differences: found.slice(0, most), more: found.length > most };

  function walk(pair: { before: JsonValue; after: JsonValue; path: ArgumentPath }): void {
    if (found.length > most || isSame(pair.before, pair.after)) return;
    const deep = pair.path.length < deepest;
    if (deep && Array.isArray(pair.before) && Array.isArray(pair.after)) {
      walkLists(pair.before, pair.after, pair.path);
    } else if (deep && isJsonObject(pair.before) && isJsonObject(pair.after)) {
      walkObjects(pair.before, pair.after, pair.path);
    } else {
      found.push({ kind: 'changed', ...pair });
    }
  }

  function walkObjects(was: JsonObject, is: JsonObject, path: ArgumentPath): void {
    for (const key of Object.keys(is)) {
      if (found.length > most) return;
      const value = is[key] as JsonValue;
      const at = [...path, key];
      // `__proto__` is a name like any other here, which `in` and a plain read would not see so.
      if (Object.hasOwn(was, key)) walk({ before: was[key] as JsonValue, after: value, path: at });
      else found.push({ kind: 'added', path: at, after: value });
    }
    for (const key of Object.keys(was)) {
      if (found.length > most) return;
      if (Object.hasOwn(is, key)) continue;
      found.push({ kind: 'removed', path: [...path, key], before: was[key] as JsonValue });
    }
  }

  function walkLists(was: readonly JsonValue[], is: readonly JsonValue[], path: ArgumentPath): void {
    const shorter = Math.min(was.length, is.length);
    let start = 0;
    while (start < shorter && isSame(was[start] as JsonValue, is[start] as JsonValue)) start++;
    let sameAtEnd = 0;
    while (
      sameAtEnd < shorter - start &&
      isSame(was[was.length - 1 - sameAtEnd] as JsonValue, is[is.length - 1 - sameAtEnd] as JsonValue)
    ) {
      sameAtEnd++;
    }
    const wasEnd = was.length - sameAtEnd;
    const isEnd = is.length - sameAtEnd;
    for (let index = start; index < Math.max(wasEnd, isEnd); index++) {
      if (found.length > most) return;
      const at = [...path, index];
      if (index >= wasEnd) found.push({ kind: 'added', path: at, after: is[index] as JsonValue });
      else if (index >= isEnd) found.push({ kind: 'removed', path: at, before: was[index] as JsonValue });
      else walk({ before: was[index] as JsonValue, after: is[index] as JsonValue, path: at });
    }
  }
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((member, index) => isSame(member, other[index] as JsonValue));
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every(
    (key) => Object.hasOwn(other, key) && isSame(one[key] as JsonValue, other[key] as JsonValue),
  );
}
