import { dirname } from 'node:path';
import type { Facts, PathFact } from '@mcp-acp/policy/facts';
import { policyLimits } from '@mcp-acp/policy/policy';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';

/** A call for which a rule is wanted. */
export interface CallForRule {
  readonly method: string;
  readonly from: 'client' | 'server';
  readonly tool?: string;
  readonly prompt?: string;
  readonly client?: string;
  readonly subject: string;
  /** Absent where they are not known whole. Of a method other than a tool's and a prompt's: its parameters. */
  readonly arguments?: JsonObject;
}

/** The conditions of a rule, and words for its id. */
export interface RuleShape {
  readonly when: JsonObject;
  readonly words: string;
}

/** More paths are no rule a person would read. */
const mostPlaces = 8;
/** More arguments than this are not named one by one. */
const mostArguments = 16;

/**
 * Conditions that hold for a call, from narrow to wide: what it names, the folders or hosts of that, and whatever the tool
 * or method does. A rule cannot say that nothing stands beside what it names. `folders`: those no rule may speak of as a whole; `home`: written as `~`.
 */
export function ruleShapes(
  call: CallForRule,
  facts: Facts,
  { home, closed }: { readonly home: string; readonly closed: readonly string[] },
): readonly RuleShape[] {
  const base: JsonObject =
    call.tool === undefined
      ? { mcp_method: escapeGlob(call.method) }
      : {
          tool_name: escapeGlob(call.tool),
          ...(call.method === 'tools/call' ? {} : { mcp_method: call.method }),
        };
  const name = call.tool ?? call.method;
  const shapes: RuleShape[] = [];
  const known = call.arguments !== undefined;
  if (known && facts.operands.length > 0) {
    const exact = placesWhen(facts.operands, (fact) => exactPattern(fact, home));
    if (exact !== undefined)
      shapes.push({ when: { ...base, ...exact }, words: `${name} ${lastWords(facts)}` });
    const wider = widerWhen(facts.operands, { home, closed });
    if (wider !== undefined)
      shapes.push({ when: { ...base, ...wider.when }, words: `${name} in ${wider.words}` });
  } else if (known) {
    const tests = namedArguments(call.arguments ?? {}, call.method);
    if (tests !== undefined) {
      const words = `${name} with ${Object.keys(tests).join(' ')}`;
      shapes.push({ when: { ...base, arguments: tests }, words });
    }
  }
  shapes.push({ when: base, words: name });
  return shapes;
}

/** A text that stands for itself in a pattern. */
const escapeGlob = (text: string): string => text.replace(/[*?[\]{}\\]/g, '\\$&');

const lastWords = (facts: Facts): string => {
  const [first] = facts.operands;
  return first === undefined
    ? ''
    : ((first.resolved ?? first.text).split(/[/?#]/).filter(Boolean).at(-1) ?? '');
};

/** A condition on all operands: by their roles where each has one, else on any path. */
function placesWhen(
  operands: readonly PathFact[],
  patternsOf: (fact: PathFact) => readonly string[] | undefined,
): JsonObject | undefined {
  const when: Record<string, string[]> = {};
  const byRole = operands.every(({ role }) => role !== undefined);
  for (const fact of operands) {
    const patterns = patternsOf(fact);
    if (patterns === undefined) return undefined;
    const key = !byRole ? 'path_pattern' : fact.role === 'source' ? 'source_path' : 'dest_path';
    const list = when[key] ?? [];
    when[key] = list;
    for (const pattern of patterns) if (!list.includes(pattern)) list.push(pattern);
    if (list.length > mostPlaces) return undefined;
  }
  return Object.fromEntries(Object.entries(when).map(([key, list]) => [key, oneOrList(list)]));
}

const oneOrList = (list: readonly string[]): JsonValue => (list.length === 1 ? (list[0] as string) : list);

/** Every reading of it, since an allow must accept them all. */
function exactPattern(fact: PathFact, home: string): readonly string[] | undefined {
  if (!fact.certain || fact.readings.length === 0) return undefined;
  const patterns = fact.readings.map((reading) =>
    fact.kind === 'uri' ? escapeGlob(reading) : inHome(escapeGlob(reading), home),
  );
  return patterns.every(isPattern) ? patterns : undefined;
}

const isPattern = (pattern: string): boolean =>
  pattern.length <= policyLimits.patternLength && /^(?:\/|~|[A-Za-z][A-Za-z0-9+.-]+:\/\/)/.test(pattern);

function inHome(pattern: string, home: string): string {
  const start = escapeGlob(home.replace(/\/+$/, ''));
  if (start === '' || (pattern !== start && !pattern.startsWith(`${start}/`))) return pattern;
  return `~${pattern.slice(start.length)}`;
}

/** The folders of paths, or the hosts of URIs; undefined where there are both, or a folder is too much. */
function widerWhen(
  operands: readonly PathFact[],
  { home, closed }: { readonly home: string; readonly closed: readonly string[] },
): { readonly when: JsonObject; readonly words: string } | undefined {
  if (operands.every(({ kind }) => kind === 'uri')) {
    const hosts = [...new Set(operands.map(({ uri }) => uri?.host))];
    if (hosts.length > mostPlaces || hosts.some((host) => host === undefined || host === ''))
      return undefined;
    const names = hosts.flatMap((host) => (host === undefined ? [] : [host]));
    const escaped = names.map((host) => (host.startsWith('[') ? host : escapeGlob(host)));
    return { when: { host: oneOrList(escaped) }, words: names.join(' ') };
  }
  const folders: string[] = [];
  const when = placesWhen(operands, (fact) => {
    if (fact.kind !== 'path' || !fact.certain || fact.readings.length === 0) return undefined;
    const above = fact.readings.map((reading) => dirname(reading));
    // Of the home or of the whole disk nobody means everything; nor what holds a folder no rule opens.
    if (above.some((folder) => folder.split('/').length < 3 || folder === home)) return undefined;
    if (above.some((folder) => closed.some((one) => one === folder || one.startsWith(`${folder}/`))))
      return undefined;
    folders.push(...above);
    const patterns = above.map((folder) => `${inHome(escapeGlob(folder), home)}/**`);
    return patterns.every(isPattern) ? patterns : undefined;
  });
  return when === undefined ? undefined : { when, words: folders[0]?.split('/').at(-1) ?? '' };
}

/** Each argument as it is, whatever stands beside them; undefined where one cannot be named, or there is none. */
function namedArguments(args: JsonObject, method: string): JsonObject | undefined {
  const names = Object.keys(args);
  if (names.length === 0 || names.length > mostArguments) return undefined;
  const tests: Record<string, JsonValue> = {};
  for (const name of names) {
    const value = args[name];
    if (value === undefined || isJsonObject(value) || Array.isArray(value)) return undefined;
    if (typeof value === 'string' && value.length > policyLimits.patternLength) return undefined;
    if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return undefined;
    const label = argumentLabel(name);
    if (label === undefined) return undefined;
    tests[label] = { equals: value };
  }
  return method === '' ? undefined : tests;
}

/** A name as a path into the arguments. */
function argumentLabel(name: string): string | undefined {
  if (/^[^.[\]*"]+$/.test(name)) return name;
  return name === '' || name.includes('"]') ? undefined : `["${name}"]`;
}
