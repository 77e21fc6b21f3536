import { AcpError } from '@mcp-acp/shared/errors';
import { canonicalJson, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';
import { isMap, isNode, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { dashIndent, ruleText } from './rule-text.ts';

/** A rule as it will stand in the file. */
export interface NewRule {
  readonly id: string;
  readonly effect: string;
  readonly when: JsonObject;
  readonly [more: string]: JsonValue;
}

/**
 * A policy's text with one rule more at the end of its list. Where the list has one rule below the other, every byte
 * that was there stays; where it is written in brackets it is laid out anew, comments kept. The rule is not checked
 * here. Throws AcpError('policy_invalid') where the text has no list of rules to add to.
 */
export function addRule(text: string, rule: NewRule): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new AcpError('policy_invalid', 'The policy must be valid before a rule can be added.', {
      fix: 'Run: mcp-acp policy check',
    });
  }
  const rules = document.get('rules');
  const wanted = canonicalJson([...rulesOf(text), rule]);
  const inserted = isSeq(rules) ? insertBelow(text, rules, rule) : undefined;
  // Inserting text is exact where it works; that it worked is seen by reading the result.
  if (inserted !== undefined && canonicalJson(rulesOf(inserted)) === wanted) return inserted;
  return laidOutAnew(document, rule);
}

/** Why no rule of this id can be added, or undefined. */
export function ruleIdProblem(text: string, id: string): string | undefined {
  const taken = rulesOf(text).some(
    (rule) => typeof rule === 'object' && rule !== null && (rule as { id?: unknown }).id === id,
  );
  return taken ? `There is a rule with the id "${id}" already.` : undefined;
}

/** An id like the one wanted that no rule of the text has, nor any of `more`. */
export function freeRuleId(text: string, wanted: string, more: readonly string[] = []): string {
  let id = wanted;
  for (let number = 2; more.includes(id) || ruleIdProblem(text, id) !== undefined; number++) {
    const suffix = `-${number}`;
    id = `${wanted.slice(0, 64 - suffix.length)}${suffix}`;
  }
  return id;
}

/** What stands in the list of rules; nothing where the text cannot be read. */
export function rulesOf(text: string): readonly unknown[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return [];
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const rules =
    typeof value === 'object' && value !== null ? (value as { rules?: unknown }).rules : undefined;
  return Array.isArray(rules) ? rules : [];
}

/** The text with the rule below the last one, or in the place of `[]`; undefined where neither fits. */
function insertBelow(text: string, rules: YAMLSeq, rule: NewRule): string | undefined {
  const last = rules.items.at(-1);
  const first = rules.items[0];
  if (rules.flow) {
    const [start, end] = rules.range ?? [0, 0];
    const rest = text.slice(end);
    if (rules.items.length > 0 || !/^[ \t]*(?:\r?\n|$)/.test(rest)) return undefined;
    return `${text.slice(0, start).trimEnd()}\n${ruleText(rule, '  ')}${rest.replace(/^[ \t]*\r?\n/, '')}`;
  }
  if (!isNode(last) || !isNode(first) || last.range == null || first.range == null) return undefined;
  const indent = dashIndent(text, rules);
  if (indent === undefined) return undefined;
  const end = last.range[1];
  const newline = text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end);
  const before = newline < 0 ? text : text.slice(0, newline);
  const after = newline < 0 ? '' : text.slice(newline + 1);
  // Rules that stand apart from each other are joined by one that stands apart too.
  const apart = /\n[ \t]*\n[ \t]*(?:#|-)/.test(text.slice(first.range[1], last.range[0])) ? '\n' : '';
  return `${before}\n${apart}${ruleText(rule, indent)}${after}`;
}

function laidOutAnew(document: ReturnType<typeof parseDocument>, rule: NewRule): string {
  const rules = document.get('rules');
  if (isSeq(rules)) rules.add(document.createNode(rule));
  else if (rules === undefined || rules === null) document.set('rules', document.createNode([rule]));
  else throw new AcpError('policy_invalid', '"rules" must be a list.', { fix: 'Run: mcp-acp policy check' });
  return document.toString({ lineWidth: 0 });
}
