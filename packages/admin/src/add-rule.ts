import { AcpError } from '@mcp-acp/shared/errors';
import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';
import { Document, isMap, isSeq, parseDocument } from 'yaml';

/** A rule as it will stand in the file. */
export interface NewRule {
  readonly id: string;
  readonly effect: string;
  readonly when: JsonObject;
  readonly [more: string]: JsonValue;
}

/**
 * A policy's text with one rule more at the end. Comments, order and what else the user wrote stay as they are; the
 * result is not checked here. Throws AcpError('policy_invalid') where the text has no list of rules to add to.
 */
export function addRule(text: string, rule: NewRule): string {
  const document = parseDocument(text);
  const rules = document.get('rules');
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new AcpError('policy_invalid', 'The policy must be valid before a rule can be added.', {
      fix: 'Run: mcp-acp policy check',
    });
  }
  const node = document.createNode(rule);
  // One line for the conditions, as in the templates; the rest one key a line.
  const when = isMap(node) ? node.get('when', true) : undefined;
  if (isMap(when)) when.flow = true;
  if (isSeq(rules)) {
    // `rules: []` is written in brackets; more rules are easier to read one below the other.
    rules.flow = false;
    rules.add(node);
  } else if (rules === undefined || rules === null) {
    document.set('rules', document.createNode([node]));
  } else {
    throw new AcpError('policy_invalid', '"rules" must be a list.', { fix: 'Run: mcp-acp policy check' });
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Why no rule of this id can be added, or undefined. */
export function ruleIdProblem(text: string, id: string): string | undefined {
  const rules: unknown = parseDocument(text).toJS()?.rules;
  const taken = Array.isArray(rules) && rules.some((rule) => rule?.id === id);
  return taken ? `There is a rule with the id "${id}" already.` : undefined;
}

/** One value as YAML would read it from a command line: `[a, b]` is a list, `10m` a text. Throws AcpError('usage'). */
export function yamlValue(text: string): JsonValue {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new AcpError('usage', `This value cannot be read: ${document.errors[0]?.message.split('\n')[0]}`);
  }
  return document.toJS({ maxAliasCount: 0 }) as JsonValue;
}

/** A value as YAML text. */
export const yamlText = (value: JsonValue): string => new Document(value).toString({ lineWidth: 0 });
