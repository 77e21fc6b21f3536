import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { policyLimits, sessionTtl } from './policy.ts';

/** What a rule does, by its effect. */
const starts: Readonly<Record<string, string>> = { allow: 'Allow', ask: 'Ask before', deny: 'Deny' };

/** How each condition reads behind what is called, in this order. */
const phrases: readonly (readonly [string, (list: string) => string])[] = [
  ['operations', (list) => `that ${list}`],
  ['side_effects', (list) => `with side effects ${list}`],
  ['path_pattern', (list) => `on ${list}`],
  ['source_path', (list) => `taking from ${list}`],
  ['dest_path', (list) => `putting to ${list}`],
  ['extension', (list) => `on files ending in ${list}`],
  ['scheme', (list) => `on URIs of scheme ${list}`],
  ['host', (list) => `on host ${list}`],
  ['resource_type', (list) => `of kind ${list}`],
  ['backend_id', (list) => `at backend ${list}`],
  ['client', (list) => `from client ${list}`],
  ['subject_id', (list) => `by ${list}`],
];

/**
 * A rule in plain words, of what stands in the policy: id, effect, when, …. Every condition is said, none is added;
 * what it quotes is made visible. For a rule that `checkPolicy` takes; another is described as far as it can be.
 */
export function describeRule(rule: JsonObject): string {
  const when = isJsonObject(rule.when) ? rule.when : {};
  const start = starts[String(rule.effect)] ?? text(rule.effect ?? '');
  const words = [start, conditionWords(when)];
  const unless = listOf(when.not).flatMap((block) => (isJsonObject(block) ? [conditionWords(block)] : []));
  if (unless.length > 0) words.push(`unless it is ${unless.join(', or ')}`);
  if (when.mentions === 'all') words.push('(paths inside texts count too)');
  return `${[words.join(' '), ...askWords(rule)].join('; ')}.`;
}

/** How far one yes reaches and from where it may come, where the rule says so. */
export const askWords = ({ grant, ask }: JsonObject): readonly string[] =>
  [grantWords(grant), viaWords(ask)].filter((part) => part !== undefined);

function conditionWords(when: JsonObject): string {
  const words = [calledWords(when)];
  for (const [name, phrase] of phrases) {
    if (when[name] !== undefined) words.push(phrase(anyOf(when[name])));
  }
  for (const name of ['arguments', 'claims'] as const) {
    const tests = when[name];
    if (!isJsonObject(tests)) continue;
    const said = Object.entries(tests).map(([path, check]) => `${text(path)} ${checkWords(check)}`);
    words.push(`where ${name === 'arguments' ? 'argument' : 'claim'} ${said.join(' and ')}`);
  }
  return words.join(' ');
}

function calledWords(when: JsonObject): string {
  const methods = when.mcp_method;
  const parts: string[] = [];
  if (when.tool_name !== undefined) parts.push(`calls of ${anyOf(when.tool_name)}`);
  if (methods !== undefined) {
    const every = listOf(methods).includes('*');
    if (!every) parts.push(parts.length === 0 ? `requests ${anyOf(methods)}` : `by ${anyOf(methods)}`);
    else if (parts.length === 0) parts.push('every request');
  }
  return parts.length === 0 ? 'any request' : parts.join(' ');
}

function checkWords(check: JsonValue): string {
  if (!isJsonObject(check)) return `is ${anyOf(check)}`;
  const { glob, equals, one_of: oneOf, range, absent } = check;
  if (glob !== undefined) return `is like ${anyOf(glob)}`;
  if (equals !== undefined) return `is exactly ${value(equals)}`;
  if (oneOf !== undefined) return `is exactly ${listOf(oneOf).map(value).join(' or ')}`;
  if (absent !== undefined) return absent === true ? 'is left out' : 'is given';
  if (!isJsonObject(range)) return `is ${value(check)}`;
  const { min, max } = range;
  if (min === undefined) return `is at most ${value(max ?? null)}`;
  return max === undefined ? `is at least ${value(min)}` : `is from ${value(min)} to ${value(max)}`;
}

const reaches: Readonly<Record<string, string>> = {
  exact: 'the very same call',
  path: 'the same path',
  tool: 'the same tool',
};

function grantWords(grant: JsonValue | undefined): string | undefined {
  if (!isJsonObject(grant)) return undefined;
  const { ttl, scope, uses } = grant;
  const reach = reaches[String(scope)] ?? text(scope ?? '');
  const span = ttl === sessionTtl ? 'for the session' : `for ${text(ttl ?? '')}`;
  const count = typeof uses === 'number' ? `, ${uses === 1 ? 'once' : `${uses} times`}` : '';
  return `one yes may stand for ${reach} ${span}${count}`;
}

const channels: Readonly<Record<string, string>> = {
  dashboard: 'the dashboard',
  cli: 'the terminal',
  dialog: 'a dialog of the desktop',
};

function viaWords(ask: JsonValue | undefined): string | undefined {
  if (!isJsonObject(ask) || ask.via === undefined) return undefined;
  const ways = listOf(ask.via).map((way) => channels[String(way)] ?? text(way));
  return `to be approved from ${ways.join(' or ')}`;
}

const listOf = (item: JsonValue | undefined): readonly JsonValue[] =>
  item === undefined ? [] : Array.isArray(item) ? item : [item];

const anyOf = (item: JsonValue): string => listOf(item).map(text).join(' or ');

const text = (item: JsonValue): string =>
  visible(typeof item === 'string' ? item : canonicalJson(item), policyLimits.patternLength);

/** With quotes around what is a text, so that "5" is not 5. */
const value = (item: JsonValue): string => visible(canonicalJson(item), policyLimits.patternLength);
