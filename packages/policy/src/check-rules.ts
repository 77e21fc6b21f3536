import { asMap, asText, asWord, knownEntries, oneOrMore, quoted } from './check-values.ts';
import { checkWhen, conditionNames } from './check-when.ts';
import {
  type Located,
  type LocatedEntry,
  type LocatedMap,
  nameOfKind,
  type Place,
  type Problems,
} from './located.ts';
import {
  askChannels,
  effects,
  type GrantLimit,
  grantScopes,
  type Policy,
  policyLimits,
  type Rule,
  sessionTtl,
} from './policy.ts';

export const policyKeys = ['version', 'rules', 'description'] as const;
export const ruleKeys = ['id', 'description', 'effect', 'when', 'grant', 'ask'] as const;
export const grantKeys = ['ttl', 'scope', 'uses'] as const;
export const askKeys = ['via'] as const;
const ruleIdForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const durationForm = /^([1-9][0-9]{0,8})(ms|s|m|h|d)$/;

const policySynonyms = { policies: 'rules', rule: 'rules', format: 'version' };
const ruleSynonyms = {
  name: 'id',
  action: 'effect',
  decision: 'effect',
  verdict: 'effect',
  if: 'when',
  match: 'when',
  conditions: 'when',
  condition: 'when',
  comment: 'description',
  reason: 'description',
  via: 'ask',
  ttl: 'grant',
};
const effectSynonyms = {
  permit: 'allow',
  accept: 'allow',
  yes: 'allow',
  block: 'deny',
  forbid: 'deny',
  reject: 'deny',
  refuse: 'deny',
  no: 'deny',
  prompt: 'ask',
  confirm: 'ask',
  approve: 'ask',
  hitl: 'ask',
};

/** Checks a whole policy. Undefined where its shape leaves nothing to return; problems tell the rest. */
export function checkRules(root: Located, problems: Problems): Policy | undefined {
  const map = asMap(root, 'A policy', problems);
  if (map === undefined) return undefined;
  const entries = knownEntries(map, { keys: policyKeys, of: 'a policy', synonyms: policySynonyms }, problems);
  checkVersion(map, entries.get('version'), problems);
  const description = entries.get('description');
  if (description !== undefined) asText(description.value, 'description', problems);
  const list = entries.get('rules');
  if (list === undefined) {
    problems.missing(map.at, 'rules', {
      message: 'The policy has no "rules".',
      fix: 'Add "rules:" with a list; "rules: []" denies everything.',
    });
    return undefined;
  }
  if (list.value.kind !== 'list') {
    problems.add(
      list.value.at,
      `"rules" must be a list, but this is ${nameOfKind(list.value)}.`,
      'Begin each rule with "- id: …"; "rules: []" denies everything.',
    );
    return undefined;
  }
  if (list.value.items.length > policyLimits.rules) {
    problems.add(list.value.at, `There are more than ${policyLimits.rules} rules.`);
    return undefined;
  }
  const ids = new Map<string, Place>();
  const rules = list.value.items.map((item) => checkRule(item, ids, problems));
  return { version: 1, rules: rules.filter((rule) => rule !== undefined) };
}

function checkVersion(map: LocatedMap, entry: LocatedEntry | undefined, problems: Problems): void {
  if (entry === undefined) {
    problems.missing(map.at, 'version', {
      message: 'The policy has no "version".',
      fix: 'Add "version: 1" at its top.',
    });
  } else if (entry.value.kind !== 'scalar' || entry.value.value !== 1) {
    problems.add(entry.value.at, 'The only version of the policy language is 1.', 'Write "version: 1".');
  }
}

function checkRule(node: Located, ids: Map<string, Place>, problems: Problems): Rule | undefined {
  const map = asMap(node, 'A rule', problems);
  if (map === undefined) return undefined;
  const synonyms = { ...ruleSynonyms, ...conditionsAsKeys };
  const entries = knownEntries(map, { keys: ruleKeys, of: 'a rule', synonyms }, problems);
  const id = checkId(map, entries.get('id'), { ids, problems });
  const effectEntry = entries.get('effect');
  if (effectEntry === undefined) {
    problems.missing(map.at, 'effect', {
      message: 'The rule has no "effect".',
      fix: 'Add "effect: allow", "effect: ask" or "effect: deny".',
    });
  }
  const effect =
    effectEntry &&
    asWord(effectEntry.value, { list: effects, what: 'effect', synonyms: effectSynonyms }, problems);
  const whenEntry = entries.get('when');
  const when = whenEntry && checkWhen(whenEntry.value, problems);
  if (whenEntry === undefined) {
    problems.missing(map.at, 'when', {
      message: 'The rule has no "when".',
      fix: 'To match everything write: when: { mcp_method: "*" }',
    });
  }
  const descriptionEntry = entries.get('description');
  const description = descriptionEntry && asText(descriptionEntry.value, 'description', problems);
  const grantEntry = entries.get('grant');
  const askEntry = entries.get('ask');
  for (const entry of [grantEntry, askEntry]) {
    if (entry !== undefined && effect !== undefined && effect !== 'ask') {
      problems.add(entry.keyAt, `"${entry.key}" belongs to rules with "effect: ask".`, `Remove it, or ask.`);
    }
  }
  const grant = grantEntry && checkGrant(grantEntry.value, problems);
  const ask = askEntry && checkAsk(askEntry.value, problems);
  if (id === undefined || effect === undefined || when === undefined) return undefined;
  return {
    id,
    effect,
    when,
    ...(description === undefined ? {} : { description }),
    ...(grant === undefined ? {} : { grant }),
    ...(ask === undefined ? {} : { ask }),
  };
}

/** A condition written beside "when" instead of inside it. */
const conditionsAsKeys = Object.fromEntries(
  conditionNames.map((name) => [name.replaceAll('_', ''), `when: { ${name}: … }`]),
);

function checkId(
  map: LocatedMap,
  entry: LocatedEntry | undefined,
  context: { readonly ids: Map<string, Place>; readonly problems: Problems },
): string | undefined {
  const { ids, problems } = context;
  if (entry === undefined) {
    problems.missing(map.at, 'id', {
      message: 'The rule has no "id".',
      fix: 'Add an id, such as "id: read-project".',
    });
    return undefined;
  }
  const id = asText(entry.value, 'id', problems);
  if (id === undefined) return undefined;
  if (!ruleIdForm.test(id)) {
    const kept = id
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|-+$/g, '')
      .slice(0, policyLimits.ruleIdLength);
    problems.add(
      entry.value.at,
      `"${quoted(id)}" cannot be a rule's id: 1 to ${policyLimits.ruleIdLength} letters, digits, "-", "_" and ".", starting with a letter or digit.`,
      kept === '' ? undefined : `Did you mean "${kept}"?`,
    );
    return undefined;
  }
  const before = ids.get(id);
  if (before !== undefined) {
    problems.add(
      entry.value.at,
      `Another rule has the id "${id}" already (line ${before.line}).`,
      'Give each rule its own id.',
    );
    return undefined;
  }
  ids.set(id, entry.value.at);
  return id;
}

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function checkGrant(node: Located, problems: Problems): GrantLimit | undefined {
  const map = asMap(node, 'grant', problems);
  if (map === undefined) return undefined;
  const synonyms = {
    duration: 'ttl',
    for: 'ttl',
    time: 'ttl',
    expires: 'ttl',
    reach: 'scope',
    count: 'uses',
    limit: 'uses',
  };
  const entries = knownEntries(map, { keys: grantKeys, of: 'a grant', synonyms }, problems);
  const ttlEntry = entries.get('ttl');
  const scopeEntry = entries.get('scope');
  if (ttlEntry === undefined)
    problems.missing(map.at, 'ttl', {
      message: 'The grant has no "ttl".',
      fix: 'Add how long it lasts, such as "ttl: 10m".',
    });
  if (scopeEntry === undefined) {
    problems.missing(map.at, 'scope', {
      message: 'The grant has no "scope".',
      fix: 'Add "scope: exact", "scope: path" or "scope: tool".',
    });
  }
  const ttlMs = ttlEntry && checkDuration(ttlEntry.value, problems);
  const scope = scopeEntry && asWord(scopeEntry.value, { list: grantScopes, what: 'scope' }, problems);
  const usesEntry = entries.get('uses');
  const uses = usesEntry && checkUses(usesEntry.value, problems);
  if (ttlMs === undefined || scope === undefined) return undefined;
  return { ttlMs, scope, ...(uses === undefined ? {} : { uses }) };
}

function checkDuration(node: Located, problems: Problems): number | undefined {
  const text = node.kind === 'scalar' && node.value !== null ? String(node.value) : '';
  if (text === sessionTtl) return Number.POSITIVE_INFINITY;
  const parts = durationForm.exec(text);
  if (parts === null) {
    const guess = /^\d+$/.test(text) ? `"${text}s" or "${text}m"` : '"30s", "10m" or "1h"';
    problems.add(node.at, 'A ttl is a number and a unit (s, m, h), or "session".', `Write ${guess}.`);
    return undefined;
  }
  const ttlMs = Number(parts[1]) * unitMs[parts[2] as keyof typeof unitMs];
  if (ttlMs < policyLimits.minGrantMs || ttlMs > policyLimits.maxGrantMs) {
    problems.add(node.at, 'A ttl is from 1 second to 24 hours.', 'Write "24h" or less.');
    return undefined;
  }
  return ttlMs;
}

function checkUses(node: Located, problems: Problems): number | undefined {
  const value = node.kind === 'scalar' ? node.value : undefined;
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= policyLimits.maxGrantUses
  ) {
    return value;
  }
  problems.add(node.at, `"uses" is a whole number from 1 to ${policyLimits.maxGrantUses}.`);
  return undefined;
}

function checkAsk(node: Located, problems: Problems): Rule['ask'] {
  const map = asMap(node, 'ask', problems);
  if (map === undefined) return undefined;
  const via = knownEntries(map, { keys: askKeys, of: 'ask' }, problems).get('via');
  if (via === undefined) {
    problems.add(map.at, '"ask" says nothing.', 'Add "via: [dashboard]", or remove it.');
    return undefined;
  }
  const read = (item: Located) =>
    asWord(
      item,
      {
        list: askChannels,
        what: 'via',
        synonyms: {
          web: 'dashboard',
          browser: 'dashboard',
          terminal: 'cli',
          notification: 'dialog',
          desktop: 'dialog',
        },
      },
      problems,
    );
  return { via: oneOrMore(via.value, 'via', { problems, read }) };
}
