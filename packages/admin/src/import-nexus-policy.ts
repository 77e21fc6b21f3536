import { checkPolicy } from '@mcp-acp/policy/check-policy';
import { policyLimits } from '@mcp-acp/policy/policy';
import { AcpError } from '@mcp-acp/shared/errors';
import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import {
  type MappedConditions,
  type NexusConditions,
  narrowerConditions,
  nexusConditions,
  widerConditions,
} from './nexus/map-conditions.ts';
import { ruleText } from './rule-text.ts';

export interface ImportedPolicy {
  /** A policy of ours, with comments. */
  readonly text: string;
  /** Rules in it. */
  readonly rules: number;
  /** What could not be taken over as it was, and how it was read. */
  readonly notes: readonly string[];
}

interface NexusRule {
  readonly id: string | undefined;
  readonly description: string | undefined;
  readonly effect: 'allow' | 'deny' | 'hitl';
  readonly conditions: NexusConditions;
  /** Keys that nobody here knows. */
  readonly strange: readonly string[];
  readonly caches: boolean;
}

const mostNotes = 256;

/**
 * A `policy.json` of mcp-acp-nexus as a policy of ours that opens no place which that one did not: an allow that cannot be
 * said here is left out, a deny or `hitl` is said wider. Paths are judged by where they lead, there by how they are written:
 * a relative path or a link into a folder that was allowed passes here. Throws AcpError('usage') where it is no such file.
 */
export function importNexusPolicy(json: string): ImportedPolicy {
  const rules = readRules(json);
  const notes: string[] = [];
  const blocks: string[] = [];
  const ids = new Set<string>();
  let count = 0;
  for (const [index, rule] of rules.entries()) {
    const shown = rule.id === undefined ? `rule ${index + 1}` : `"${visible(rule.id, 64)}"`;
    const mapped = mapRule(rule);
    const said = mapped.notes.map((note) => visible(note, 400));
    const written: string[] = [];
    for (const [place, when] of mapped.whens.entries()) {
      const id = freeId(ids, `${idOf(rule, index)}${place === 0 ? '' : '-by-name'}`);
      const made = soundRule(rule, id, when);
      if (made === undefined) said.push('it cannot be said here');
      else {
        if (made.when !== when) said.push('its conditions cannot be said here: it counts for everything');
        written.push(ruleText(made, '  '));
      }
    }
    if (rule.id !== undefined && written.length > 0 && !ids.has(rule.id)) said.push('it has another id here');
    const left = written.length === 0 ? [`${shown} (${rule.effect}) is left out: ${said.join('; ')}`] : said;
    notes.push(...(written.length === 0 ? left : said.map((note) => `${shown}: ${note}`)));
    blocks.push([...left.map((note) => `  # ${note}\n`), ...written].join(''));
    count += written.length;
  }
  const head = [
    '# Taken over from a policy.json of mcp-acp-nexus. What no rule allows is denied, as it was there.',
    '# Paths count by where they lead, relative ones and links too; there they counted as they were written.',
    '# Deny beats ask here; there "hitl" asked even where another rule denied.',
    'version: 1',
  ];
  const list =
    count === 0 ? `rules: []\n${blocks.join('\n').replace(/^ {2}/gm, '')}` : `rules:\n${blocks.join('\n')}`;
  const text = `${head.join('\n')}\n${list}`;
  const checked = checkPolicy(text, 'policy.yaml');
  if (!checked.ok) {
    const why = checked.problems[0]?.message ?? '';
    throw new AcpError('usage', `This policy cannot be taken over: ${why}`);
  }
  return { text, rules: checked.policy.rules.length, notes: notes.slice(0, mostNotes) };
}

function mapRule(rule: NexusRule): MappedConditions {
  const empty = Object.entries(rule.conditions).find(([, list]) => list.length === 0);
  if (empty !== undefined)
    return { whens: [], notes: [`its list ${empty[0]} is empty, so that it never counts`] };
  const opens = rule.effect === 'allow';
  if (opens && rule.strange.length > 0)
    return { whens: [], notes: [`nobody here knows its key ${rule.strange.join(', ')}`] };
  const mapped = opens ? narrowerConditions(rule.conditions) : widerConditions(rule.conditions);
  const notes = [...mapped.notes];
  if (rule.strange.length > 0)
    notes.push(`nobody here knows its key ${rule.strange.join(', ')}, which is left away`);
  if (rule.caches)
    notes.push('cache_side_effects is left away: here one yes is for one call, or as far as "grant" says');
  return { whens: mapped.whens, notes };
}

/** The rule, with conditions that a policy can hold; undefined for an allow that has none. */
function soundRule(
  rule: NexusRule,
  id: string,
  when: JsonObject,
): ({ readonly when: JsonObject } & JsonObject) | undefined {
  const effect = rule.effect === 'hitl' ? 'ask' : rule.effect;
  const description = rule.description?.slice(0, policyLimits.patternLength).trim();
  const made = (conditions: JsonObject) => ({
    id,
    effect,
    ...(description === undefined || description === '' ? {} : { description }),
    when: conditions,
  });
  const holds = checkPolicy(JSON.stringify({ version: 1, rules: [made(when)] }), 'rule').ok;
  if (holds) return made(when);
  return effect === 'allow' ? undefined : made({ mcp_method: '*' });
}

function idOf({ id, effect }: NexusRule, index: number): string {
  const kept = (id ?? '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
  return kept === '' ? `${effect === 'hitl' ? 'ask' : effect}-${index + 1}` : kept.slice(0, 48);
}

function freeId(ids: Set<string>, wanted: string): string {
  let id = wanted;
  for (let number = 2; ids.has(id); number++) id = `${wanted}-${number}`;
  ids.add(id);
  return id;
}

const no = (why: string) =>
  new AcpError('usage', `This is no policy.json of mcp-acp-nexus: ${why}`, {
    fix: 'It has "rules", a list of rules with "effect" (allow, deny, hitl) and "conditions".',
  });

function readRules(json: string): readonly NexusRule[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw no('it is not valid JSON.');
  }
  if (!isJsonObject(value)) throw no('it is no JSON object.');
  const { version = '1', default_action: otherwise = 'deny', rules = [] } = value;
  if (version !== '1') throw no('its version is not "1".');
  if (otherwise !== 'deny') throw no('its default_action is not "deny".');
  if (!Array.isArray(rules)) throw no('its "rules" is no list.');
  if (rules.length > policyLimits.rules / 2) throw no('it has too many rules.');
  return (rules as readonly JsonValue[]).map(readRule);
}

const ruleKeys = ['id', 'description', 'effect', 'conditions', 'cache_side_effects'];

function readRule(rule: JsonValue, index: number): NexusRule {
  const which = `rule ${index + 1}`;
  if (!isJsonObject(rule)) throw no(`${which} is no object.`);
  const { id, description, effect, conditions } = rule;
  if (effect !== 'allow' && effect !== 'deny' && effect !== 'hitl') throw no(`${which} has no known effect.`);
  if (!isJsonObject(conditions)) throw no(`${which} has no conditions.`);
  const read: Record<string, readonly string[]> = {};
  for (const name of nexusConditions) {
    const given = conditions[name];
    if (given === undefined || given === null) continue;
    const list = typeof given === 'string' ? [given] : given;
    if (
      !Array.isArray(list) ||
      !(list as readonly unknown[]).every((one) => typeof one === 'string' && one.trim() !== '')
    )
      throw no(`${which}: "${name}" is neither a text nor a list of texts.`);
    read[name] = list as readonly string[];
  }
  if (Object.keys(read).length === 0) throw no(`${which} has no condition that is known.`);
  checkWords(read, which);
  const strange = [
    ...Object.keys(rule).filter((key) => !ruleKeys.includes(key)),
    ...Object.keys(conditions).filter((key) => !(nexusConditions as readonly string[]).includes(key)),
  ];
  return {
    id: typeof id === 'string' && id !== '' ? id : undefined,
    description: typeof description === 'string' ? description : undefined,
    effect,
    conditions: read,
    strange,
    caches: rule.cache_side_effects !== undefined && rule.cache_side_effects !== null,
  };
}

function checkWords(read: NexusConditions, which: string): void {
  const unknown = (list: readonly string[] | undefined, words: readonly string[]) =>
    list?.find((word) => !words.includes(word));
  const operation = unknown(read.operations, ['read', 'write', 'delete']);
  if (operation !== undefined) throw no(`${which}: "${visible(operation, 40)}" is no operation.`);
  const type = unknown(read.resource_type, ['tool', 'resource', 'prompt', 'server']);
  if (type !== undefined) throw no(`${which}: "${visible(type, 40)}" is no resource type.`);
  if ((read.resource_type?.length ?? 0) > 1) throw no(`${which} has several resource types.`);
}
