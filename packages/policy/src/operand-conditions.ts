import type { Condition } from './condition.ts';
import type { Facts, PathFact } from './facts.ts';
import { compilePathPatterns, type PatternSurroundings } from './path-patterns.ts';
import { anyName } from './scalar-conditions.ts';
import { canonicalHost } from './uri-forms.ts';

/** How one condition judges one operand or mention. */
interface Judge {
  readonly name: string;
  /** Whether the condition speaks of facts of this kind at all when it must be sure. */
  readonly kind: (fact: PathFact) => boolean;
  /** The role it asks for, if any. */
  readonly role?: 'source' | 'dest';
  readonly certain: (fact: PathFact) => boolean;
  readonly possible: (fact: PathFact) => boolean;
}

/**
 * A condition on the paths and URIs of a request. An allow needs it of every operand it concerns, and of at least
 * one (with `mentions: all` of every mention too); a deny or ask is satisfied by any operand or mention.
 */
function operandCondition(judge: Judge, mentionsAll: boolean): Condition {
  const { kind, role } = judge;
  const concerns = (fact: PathFact): boolean => kind(fact) && (role === undefined || fact.role === role);
  const mayConcern = (fact: PathFact, facts: Facts): boolean =>
    role === undefined || fact.role === role || (fact.role === undefined && facts.rolesUncertain);

  const operandsCertain = (facts: Facts): boolean => {
    if (!facts.complete) return false;
    let heard = false;
    for (const operand of facts.operands) {
      if (!concerns(operand)) continue;
      if (!judge.certain(operand)) return false;
      heard = true;
    }
    return heard;
  };
  const allSure = (list: readonly PathFact[], facts: Facts): boolean => {
    for (const fact of list) {
      if (kind(fact) && mayConcern(fact, facts) && !judge.certain(fact)) return false;
    }
    return true;
  };
  const anyPossible = (list: readonly PathFact[], facts: Facts): boolean => {
    for (const fact of list) if (mayConcern(fact, facts) && judge.possible(fact)) return true;
    return false;
  };
  const mentionsSure = (facts: Facts): boolean => {
    if (!allSure(facts.mentions, facts)) return false;
    if (!mentionsAll) return true;
    const text = facts.textMentions();
    return text.complete && allSure(text.mentions, facts);
  };
  const possible = (facts: Facts): boolean => {
    if (!facts.complete || anyPossible(facts.operands, facts) || anyPossible(facts.mentions, facts))
      return true;
    if (!mentionsAll) return false;
    const text = facts.textMentions();
    return !text.complete || anyPossible(text.mentions, facts);
  };
  return {
    name: judge.name,
    fixed: false,
    certain: (facts) => operandsCertain(facts) && (!mentionsAll || mentionsSure(facts)),
    possible,
    certainlyNot: (facts) =>
      facts.operands.some(concerns) && facts.operands.every((operand) => operand.certain) && !possible(facts),
    possiblyNot: (facts) =>
      !operandsCertain(facts) || !allSure(facts.operands, facts) || !mentionsSure(facts),
  };
}

/** Everything a compiler needs besides the patterns. */
export interface OperandSurroundings extends PatternSurroundings {
  readonly mentionsAll: boolean;
}

export function pathCondition(
  name: 'path_pattern' | 'source_path' | 'dest_path',
  patterns: readonly string[],
  surroundings: OperandSurroundings,
): Condition & { readonly judgesUris: boolean } {
  const compiled = compilePathPatterns(patterns, surroundings);
  const role = name === 'path_pattern' ? undefined : name === 'source_path' ? 'source' : 'dest';
  const condition = operandCondition(
    {
      name,
      ...(role === undefined ? undefined : { role }),
      kind: (fact) => fact.kind === 'path' || compiled.judgesUris,
      certain: (fact) => allReadings(fact, fact.kind === 'path' ? compiled.path : compiled.uri),
      possible: (fact) => unreadable(fact) || anyForm(fact, compiled.anyForm),
    },
    surroundings.mentionsAll,
  );
  return { ...condition, judgesUris: compiled.judgesUris };
}

function anyForm(fact: PathFact, test: (text: string) => boolean): boolean {
  for (const form of fact.forms) if (test(form)) return true;
  return false;
}

const allReadings = (fact: PathFact, test: (text: string) => boolean): boolean =>
  fact.certain && fact.readings.length > 0 && fact.readings.every(test);

/** A path that nobody could resolve: it may lead anywhere. */
const unreadable = (fact: PathFact): boolean => fact.kind === 'path' && fact.readings.length === 0;

/** Extensions without their dot, in lower case. A deny also takes `.env` for a file of extension `env`. */
export function extensionCondition(extensions: readonly string[], mentionsAll: boolean): Condition {
  const suffixes = extensions.map((extension) => `.${extension.replace(/^\./, '').toLowerCase()}`);
  const ends = (path: string): boolean => {
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    return suffixes.some((suffix) => name.length > suffix.length && name.endsWith(suffix));
  };
  return operandCondition(
    {
      name: 'extension',
      kind: (fact) => fact.kind === 'path',
      certain: (fact) => allReadings(fact, ends),
      possible: (fact) =>
        unreadable(fact) || fact.forms.some((form) => suffixes.some((suffix) => form.endsWith(suffix))),
    },
    mentionsAll,
  );
}

export function schemeCondition(schemes: readonly string[], mentionsAll: boolean): Condition {
  const matches = anyName(schemes.map((scheme) => scheme.toLowerCase()));
  return operandCondition(
    {
      name: 'scheme',
      kind: (fact) => fact.uri !== undefined || fact.kind === 'uri',
      certain: (fact) => fact.certain && fact.uri !== undefined && matches(fact.uri.scheme),
      // `example.com/a` as a URL gets its scheme from the tool, so it may be any.
      possible: (fact) =>
        fact.uri === undefined
          ? fact.kind === 'uri'
          : matches(fact.uri.scheme) || (fact.uri.scheme === '' && fact.forms.length > 0),
    },
    mentionsAll,
  );
}

export function hostCondition(hosts: readonly string[], mentionsAll: boolean): Condition {
  const matches = anyHost(hosts);
  return operandCondition(
    {
      name: 'host',
      kind: (fact) => fact.kind === 'uri',
      certain: (fact) => fact.certain && fact.uri?.host !== undefined && matches(fact.uri.host),
      possible: (fact) =>
        (fact.uri?.host !== undefined && matches(fact.uri.host)) || (fact.otherHosts?.some(matches) ?? false),
    },
    mentionsAll,
  );
}

function anyHost(hosts: readonly string[]): (host: string) => boolean {
  const exact = new Set<string>();
  const globs: string[] = [];
  for (const host of hosts) {
    if (!/[*?[{\\]/.test(host) || /^\[[0-9a-f:.]+\]$/i.test(host)) exact.add(canonicalHost(host));
    else globs.push(host.toLowerCase());
  }
  const byGlob = anyName(globs);
  return (host) => exact.has(host) || byGlob(host);
}
