import { readArgumentPath } from './argument-path.ts';
import { asText, attempt, knownEntries, oneOrMore, quoted } from './check-values.ts';
import { compileNameGlob } from './glob.ts';
import { type Located, type LocatedEntry, type LocatedMap, nameOfKind, type Problems } from './located.ts';
import type { ValueCheck, ValueTest } from './policy.ts';

export const checkKeys = ['glob', 'equals', 'one_of', 'range', 'absent'] as const;
export const rangeKeys = ['min', 'max'] as const;

const synonyms = {
  pattern: 'glob',
  like: 'glob',
  matches: 'glob',
  is: 'equals',
  eq: 'equals',
  value: 'equals',
  in: 'one_of',
  anyof: 'one_of',
  between: 'range',
  min: 'range: { min: … }',
  max: 'range: { max: … }',
  missing: 'absent',
  exists: 'absent: false',
  present: 'absent: false',
};

/** Checks `arguments:` or `claims:`, a map from paths to what the values there must be. */
export function checkTests(
  name: string,
  node: Located,
  problems: Problems,
): readonly ValueTest[] | undefined {
  if (node.kind !== 'map') {
    problems.add(
      node.at,
      `"${name}" must be a map from a name to what its value must be, but this is ${nameOfKind(node)}.`,
      `Write ${name}: { branch: "main" }.`,
    );
    return undefined;
  }
  if (node.entries.length === 0) problems.add(node.at, `"${name}" is empty.`, 'Name a value, or remove it.');
  const tests: ValueTest[] = [];
  for (const entry of node.entries) {
    const path = readArgumentPath(entry.key);
    if (typeof path === 'string') {
      problems.add(entry.keyAt, `"${quoted(entry.key)}" is no path into ${name}: ${path}`);
      continue;
    }
    const check = checkOf(`${name}.${entry.key}`, entry.value, problems);
    if (check?.kind === 'absent' && path.includes('every')) {
      problems.add(entry.keyAt, '"absent" needs a path without "*".');
    } else if (check !== undefined) {
      tests.push({ label: entry.key, path, check });
    }
  }
  return tests;
}

type Scalar = string | number | boolean | null;

function checkOf(what: string, node: Located, problems: Problems): ValueCheck | undefined {
  if (node.kind === 'map') return fullCheck(what, node, problems);
  const values = oneOrMore(node, what, { problems, read: (item) => scalarOf(what, item, problems) });
  if (values.length === 0) return undefined;
  if (values.every(isText)) {
    return globsAreSound(values, node, problems) ? { kind: 'glob', anyOf: values } : undefined;
  }
  if (values.some(isText)) {
    problems.add(node.at, `${what} mixes texts and other values.`, 'Use "one_of" for exact values.');
    return undefined;
  }
  return { kind: 'equals', anyOf: values.flatMap((value) => (isText(value) ? [] : [value.exact])) };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** A text, or another scalar wrapped so that null is a value. */
function scalarOf(
  what: string,
  node: Located,
  problems: Problems,
): string | { readonly exact: Scalar } | undefined {
  if (node.kind !== 'scalar') {
    problems.add(
      node.at,
      `${what} must be a text, a number or true or false, but this is ${nameOfKind(node)}.`,
    );
    return undefined;
  }
  if (typeof node.value === 'string') return asText(node, what, problems);
  if (node.value === null) {
    problems.add(
      node.at,
      `${what} is empty.`,
      'For a null write { equals: null }; for a missing value { absent: true }.',
    );
    return undefined;
  }
  return exactValue(what, node, problems);
}

function exactValue(what: string, node: Located, problems: Problems): { readonly exact: Scalar } | undefined {
  if (node.kind !== 'scalar') {
    problems.add(node.at, `${what} must be one value, but this is ${nameOfKind(node)}.`);
    return undefined;
  }
  if (typeof node.value === 'number' && !isExact(node.value)) {
    problems.add(
      node.at,
      `${what}: this number is not read alike by all programs.`,
      'Keep within ±9007199254740991.',
    );
    return undefined;
  }
  return { exact: node.value };
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

function fullCheck(what: string, node: LocatedMap, problems: Problems): ValueCheck | undefined {
  const entries = knownEntries(node, { keys: checkKeys, of: 'a check', synonyms }, problems);
  const [entry, second] = [...entries.values()];
  if (entry === undefined) {
    if (node.entries.length === 0)
      problems.add(node.at, `${what} is empty.`, `Use one of: ${checkKeys.join(', ')}.`);
    return undefined;
  }
  if (second !== undefined) {
    problems.add(
      second.keyAt,
      `${what} has more than one check.`,
      'Keep one; put the other in a "not" or another rule.',
    );
    return undefined;
  }
  return readCheck(what, entry, problems);
}

function readCheck(
  what: string,
  { key, value: node }: LocatedEntry,
  problems: Problems,
): ValueCheck | undefined {
  switch (key) {
    case 'glob': {
      const anyOf = oneOrMore(node, what, { problems, read: (item) => asText(item, what, problems) });
      return anyOf.length > 0 && globsAreSound(anyOf, node, problems) ? { kind: 'glob', anyOf } : undefined;
    }
    case 'equals': {
      const value = exactValue(what, node, problems);
      return value && { kind: 'equals', anyOf: [value.exact] };
    }
    case 'one_of': {
      if (node.kind !== 'list') {
        problems.add(node.at, `"one_of" must be a list, but this is ${nameOfKind(node)}.`);
        return undefined;
      }
      const values = oneOrMore(node, what, { problems, read: (item) => exactValue(what, item, problems) });
      return values.length === 0 ? undefined : { kind: 'equals', anyOf: values.map((value) => value.exact) };
    }
    case 'range':
      return readRange(node, problems);
    default:
      if (node.kind === 'scalar' && typeof node.value === 'boolean')
        return { kind: 'absent', absent: node.value };
      problems.add(node.at, '"absent" is true or false.');
      return undefined;
  }
}

function readRange(node: Located, problems: Problems): ValueCheck | undefined {
  if (node.kind !== 'map') {
    problems.add(
      node.at,
      `"range" must be a map, but this is ${nameOfKind(node)}.`,
      'Write range: { min: 1, max: 10 }.',
    );
    return undefined;
  }
  const entries = knownEntries(node, { keys: rangeKeys, of: 'a range' }, problems);
  const limit = (name: 'min' | 'max'): number | undefined => {
    const entry = entries.get(name);
    if (entry === undefined) return undefined;
    const value = entry.value.kind === 'scalar' ? entry.value.value : undefined;
    if (typeof value === 'number' && isExact(value)) return value;
    problems.add(entry.value.at, `"${name}" must be a number within ±9007199254740991.`);
    return undefined;
  };
  const min = limit('min');
  const max = limit('max');
  if (entries.size === 0 && node.entries.length === 0) {
    problems.add(node.at, '"range" is empty.', 'Write range: { min: 1, max: 10 }.');
  }
  if (min !== undefined && max !== undefined && min > max) {
    problems.add(node.at, 'The range is empty: "min" is larger than "max".');
    return undefined;
  }
  if (min === undefined && max === undefined) return undefined;
  return { kind: 'range', ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function globsAreSound(globs: readonly string[], node: Located, problems: Problems): boolean {
  return globs.every((glob) => attempt(node.at, problems, () => compileNameGlob(glob)));
}
