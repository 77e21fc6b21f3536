import { isJsonObject, type JsonValue } from '@mcp-acp/shared/json';
import type { Volatile } from './matrix-server.ts';

export interface Difference {
  /** Where, from the root `$`: members by name, elements by number. */
  readonly path: string;
  /** What each side has there, as JSON text; undefined where it has nothing. */
  readonly direct: string | undefined;
  readonly proxied: string | undefined;
}

const member = (path: string, key: string): string =>
  /^[A-Za-z_][\w-]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

/** The first place where two JSON values differ; the order of members does not count, that of elements does. */
export function firstDifference(
  direct: JsonValue | undefined,
  proxied: JsonValue | undefined,
  path = '$',
): Difference | undefined {
  if (Object.is(direct, proxied)) return undefined;
  if (Array.isArray(direct) && Array.isArray(proxied)) {
    const length = Math.max(direct.length, proxied.length);
    for (let index = 0; index < length; index++) {
      const found = firstDifference(direct[index], proxied[index], `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isJsonObject(direct) && isJsonObject(proxied)) {
    for (const key of new Set([...Object.keys(direct), ...Object.keys(proxied)])) {
      const found = firstDifference(own(direct, key), own(proxied, key), member(path, key));
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return { path, direct: JSON.stringify(direct), proxied: JSON.stringify(proxied) };
}

const own = (object: { readonly [key: string]: JsonValue }, key: string): JsonValue | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** The value with each volatile text replaced by what it is, so that two runs can be compared. */
export function steadied(value: JsonValue, volatile: readonly Volatile[], path = '$'): JsonValue {
  if (typeof value === 'string') {
    return volatile.reduce(
      (text, { what, at, text: pattern }) => (at.test(path) ? text.replaceAll(pattern, `<${what}>`) : text),
      value,
    );
  }
  if (Array.isArray(value)) {
    return value.map((element, index) => steadied(element, volatile, `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, steadied(inner, volatile, member(path, key))]),
  );
}

/** The first line two wires do not share, as text; undefined where each carried the same lines in the same order. */
export function firstLineApart(
  sent: readonly string[],
  arrived: readonly string[],
): Pick<Difference, 'direct' | 'proxied'> | undefined {
  const length = Math.max(sent.length, arrived.length);
  for (let index = 0; index < length; index++) {
    if (sent[index] !== arrived[index]) return { direct: sent[index], proxied: arrived[index] };
  }
  return undefined;
}
