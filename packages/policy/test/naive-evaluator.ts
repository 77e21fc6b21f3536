import type { Effect } from '@mcp-acp/shared/effect';
import type { JsonValue } from '@mcp-acp/shared/json';
import type { Facts, PathFact } from '../src/facts.ts';
import type { Rule, ValueTest, When } from '../src/policy.ts';
import { naiveName, naivePath } from './naive-glob.ts';

/**
 * The policy language as its description reads, with no thought for speed and no code shared with the evaluator under
 * test: every condition has one of four values for one reading of the world, and rules that open and rules that close
 * read those differently.
 */
type Truth = 'yes' | 'no' | 'missing' | 'maybe';
type Mode = 'open' | 'close';

const homeOf = '/home/ann';
const lower = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFC');

export function naiveDecision(rules: readonly Rule[], facts: Facts): { effect: Effect; matched: string[] } {
  const matched = rules.filter((rule) => ruleMatches(rule, facts));
  const effect = (['deny', 'ask', 'allow'] as const).find((one) =>
    matched.some((rule) => rule.effect === one),
  );
  return { effect: effect ?? 'deny', matched: matched.map((rule) => rule.id).sort() };
}

function ruleMatches(rule: Rule, facts: Facts): boolean {
  const mode: Mode = rule.effect === 'allow' ? 'open' : 'close';
  const all = rule.when.mentions === 'all';
  const holds = conditionsOf(rule.when).every((one) =>
    counts(truth(one, facts, { mode, all, negated: false }), mode),
  );
  const spared = (rule.when.not ?? []).every((block) =>
    conditionsOf(block).some((one) => {
      const value = truth(one, facts, { mode, all, negated: true });
      if (mode === 'open') return value === 'no';
      return value !== 'yes';
    }),
  );
  return holds && spared && (mode === 'close' || everyOperandSpokenOf(rule.when, facts));
}

const counts = (value: Truth, mode: Mode): boolean =>
  value === 'yes' || (value === 'maybe' && mode === 'close');

type One = readonly [string, unknown];
const conditionsOf = (when: When): One[] =>
  Object.entries(when).flatMap(([name, value]): One[] => {
    if (name === 'not' || name === 'mentions') return [];
    if (name === 'arguments' || name === 'claims') return (value as ValueTest[]).map((test) => [name, test]);
    return [[name, value]];
  });

interface Asked {
  readonly mode: Mode;
  readonly all: boolean;
  readonly negated: boolean;
}

function truth([name, value]: One, facts: Facts, asked: Asked): Truth {
  const list = value as readonly string[];
  const named = (text: string | undefined): Truth =>
    text === undefined ? 'missing' : list.some((glob) => naiveName(glob, text)) ? 'yes' : 'no';
  switch (name) {
    case 'tool_name':
      return named(facts.toolName);
    case 'mcp_method':
      return named(facts.method);
    case 'backend_id':
      return named(facts.backendId);
    case 'subject_id':
      return named(facts.subjectId);
    case 'client':
      return named(facts.client);
    case 'resource_type':
      if (list.includes(facts.resourceType)) return 'yes';
      if (facts.resourceType !== 'other') return 'no';
      return list.some((type) => facts.method.startsWith(`${type}s/`) || facts.method.startsWith(`${type}/`))
        ? 'maybe'
        : 'no';
    case 'operations':
      return worded(facts.operations, { uncertain: facts.operationsUncertain, list, asked });
    case 'side_effects':
      return worded(facts.sideEffects, { uncertain: facts.sideEffectsUncertain, list, asked });
    case 'arguments':
      return valued(value as ValueTest, facts.arguments, false);
    case 'claims':
      return valued(value as ValueTest, facts.claims, true);
    default:
      return placed(name, list, { facts, asked });
  }
}

/** Some of several things fit: enough to close, not enough to open. */
function some(yes: number, total: number, { mode, negated }: Asked): Truth {
  if (yes === total) return 'yes';
  if (yes === 0) return 'no';
  // Whoever opens wants all; under a `not`, whoever opens wants none and whoever closes is content with one outside.
  if (negated) return mode === 'open' ? 'yes' : 'no';
  return mode === 'open' ? 'no' : 'yes';
}

function worded(
  words: readonly string[],
  { uncertain, list, asked }: { uncertain: boolean; list: readonly string[]; asked: Asked },
): Truth {
  if (uncertain) return 'maybe';
  return some(words.filter((word) => list.includes(word)).length, words.length, asked);
}

function valued(test: ValueTest, root: JsonValue | undefined, membership: boolean): Truth {
  let found: JsonValue[] = root === undefined ? [] : [root];
  for (const step of test.path) {
    found = found.flatMap((value): JsonValue[] => {
      if (value === null || typeof value !== 'object') return [];
      if (step === 'every') return Object.values(value);
      const key = 'key' in step ? step.key : String(step.index);
      if (Array.isArray(value) === 'key' in step) return [];
      return Object.hasOwn(value, key) ? [(value as Record<string, JsonValue>)[key] as JsonValue] : [];
    });
  }
  if (test.check.kind === 'absent') return (found.length === 0) === test.check.absent ? 'yes' : 'no';
  const flat = found.flatMap((value) => (Array.isArray(value) ? value.flat(64) : [value])) as JsonValue[];
  if (flat.length === 0) return 'missing';
  const strict = flat.map((value) => fits(test, value, 'open'));
  const loose = flat.map((value) => fits(test, value, 'close'));
  if (membership) {
    if (strict.includes('yes')) return 'yes';
    return loose.some((one) => one !== 'no') ? 'maybe' : 'no';
  }
  if (strict.every((one) => one === 'yes')) return 'yes';
  if (loose.some((one) => one === 'maybe')) return 'maybe';
  const looseYes = loose.filter((one) => one === 'yes').length;
  if (looseYes === 0) return 'no';
  // Fits for one reader or in one element, not for all: what neither is sure to hold nor sure not to.
  return 'maybe';
}

function fits(test: ValueTest, value: JsonValue, mode: Mode): Truth {
  const { check } = test;
  if (value !== null && typeof value === 'object') return 'maybe';
  if (typeof value === 'number' && (value > 2 ** 53 - 1 || value < -(2 ** 53 - 1))) return 'maybe';
  const is = (yes: boolean): Truth => (yes ? 'yes' : 'no');
  const text = value === null ? undefined : `${value}`;
  if (check.kind === 'glob') {
    if (mode === 'open' && typeof value !== 'string') return 'no';
    return is(text !== undefined && check.anyOf.some((glob) => naiveName(glob, text)));
  }
  if (check.kind === 'equals') {
    if (mode === 'open') return is(check.anyOf.some((one) => one === value));
    return is(
      check.anyOf.some((one) => one === value || (one !== null && text !== undefined && `${one}` === text)),
    );
  }
  if (check.kind !== 'range') throw new Error('no other check');
  const number =
    typeof value === 'number' ? value : mode === 'close' && text?.trim() ? Number(text) : Number.NaN;
  if (typeof value === 'boolean' || Number.isNaN(number)) return 'no';
  if (Math.abs(number) > 2 ** 53 - 1) return 'maybe';
  return is((check.min ?? number) <= number && number <= (check.max ?? number));
}

function placed(
  name: string,
  list: readonly string[],
  { facts, asked }: { facts: Facts; asked: Asked },
): Truth {
  if (!facts.complete) return 'maybe';
  const role = name === 'source_path' ? 'source' : name === 'dest_path' ? 'dest' : undefined;
  const kind = (fact: PathFact): boolean =>
    name === 'host'
      ? fact.kind === 'uri'
      : name === 'scheme'
        ? fact.uri !== undefined || fact.kind === 'uri'
        : fact.kind === 'path' || (name !== 'extension' && list.some((glob) => glob.includes('://')));
  const text = asked.all ? facts.textMentions().mentions : [];
  const mentions = [...facts.mentions, ...text];
  const roleFits = (fact: PathFact): boolean =>
    role === undefined || fact.role === role || (fact.role === undefined && facts.rolesUncertain);
  const heard = facts.operands.filter((fact) => kind(fact) && (role === undefined || fact.role === role));
  const sure = (fact: PathFact): boolean => fact.certain && placeFits(name, list, { fact, mode: 'open' });
  const could = (fact: PathFact): boolean => placeFits(name, list, { fact, mode: 'close' });
  const anyCould = [...facts.operands, ...mentions].filter(roleFits).some(could);
  const allSure = heard.length > 0 && heard.every(sure);
  const mentionsSure = mentions.filter((fact) => kind(fact) && roleFits(fact)).every(sure);
  if (asked.mode === 'open' && !asked.negated) {
    if (heard.length === 0) return 'missing';
    return allSure && (!asked.all || mentionsSure) ? 'yes' : 'no';
  }
  if (asked.mode === 'open') {
    if (heard.length === 0) return 'missing';
    return anyCould ? 'yes' : facts.operands.every((fact) => fact.certain) ? 'no' : 'maybe';
  }
  if (!asked.negated) return anyCould ? 'yes' : 'no';
  const roleless = facts.operands.filter((fact) => kind(fact) && roleFits(fact));
  return allSure && roleless.every(sure) && mentionsSure ? 'yes' : 'no';
}

function placeFits(
  name: string,
  list: readonly string[],
  { fact, mode }: { fact: PathFact; mode: Mode },
): boolean {
  const open = mode === 'open';
  if (name === 'host') {
    const hosts = [fact.uri?.host, ...(open ? [] : (fact.otherHosts ?? []))].filter(
      (host) => host !== undefined,
    );
    return hosts.some((host) => list.some((glob) => naiveName(glob, host)));
  }
  if (name === 'scheme') {
    if (fact.uri === undefined) return !open && fact.kind === 'uri';
    if (!open && fact.uri.scheme === '' && fact.forms.length > 0) return true;
    return list.includes(fact.uri.scheme);
  }
  if (!open && fact.kind === 'path' && fact.readings.length === 0) return true;
  const texts = open ? fact.readings : fact.forms;
  const fitsOne = (text: string): boolean =>
    name === 'extension'
      ? list.some((extension) => {
          const file = lower(text).split('/').at(-1) ?? '';
          return open
            ? file !== `.${extension}` && file.endsWith(`.${extension}`)
            : lower(text).endsWith(`.${extension}`);
        })
      : list.some((glob) => patternFits(glob, text, { kind: fact.kind, open }));
  return open ? texts.length > 0 && texts.every(fitsOne) : texts.some(fitsOne);
}

function patternFits(
  glob: string,
  text: string,
  { kind, open }: { kind: 'path' | 'uri'; open: boolean },
): boolean {
  const isUri = glob.includes('://');
  if (open && isUri !== (kind === 'uri')) return false;
  const full = glob.startsWith('~/') ? homeOf + glob.slice(1) : glob;
  if (open) return naivePath(full, text);
  return naivePath(lower(full), text) || (glob.startsWith('~/') && naivePath(lower(glob), text));
}

function everyOperandSpokenOf(when: When, facts: Facts): boolean {
  const has = (...names: (keyof When)[]): boolean => names.some((name) => when[name] !== undefined);
  if (!has('path_pattern', 'source_path', 'dest_path', 'extension', 'scheme', 'host')) return true;
  const uris = (list: readonly string[] | undefined): boolean =>
    list?.some((glob) => glob.includes('://')) ?? false;
  return facts.operands.every((fact) => {
    if (fact.kind === 'path') {
      return (
        has('path_pattern', 'extension') ||
        (has('source_path') && fact.role === 'source') ||
        (has('dest_path') && fact.role === 'dest') ||
        (has('scheme') && fact.uri !== undefined)
      );
    }
    return (
      has('scheme', 'host') ||
      uris(when.path_pattern) ||
      (uris(when.source_path) && fact.role === 'source') ||
      (uris(when.dest_path) && fact.role === 'dest')
    );
  });
}
