import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { AcpError } from '@mcp-acp/shared/errors';
import type { JsonObject } from '@mcp-acp/shared/json';
import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';

/** A rule as it stands in a policy's text. */
export interface WrittenRule {
  readonly id: string;
  readonly effect: 'allow' | 'ask' | 'deny';
  readonly description?: string;
  /** Its members as they are written: a list stays a list, a duration a text. */
  readonly rule: JsonObject;
  /** Where it begins. Lines start at 1. */
  readonly line: number;
}

/** The rules of a text in its order. Throws AcpError('policy_invalid') where the text is not a valid policy. */
export function listRules(text: string): readonly WrittenRule[] {
  const { rules } = parsePolicy(text, 'policy.yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: false, lineCounter: lines });
  const list = isMap(document.contents) ? document.get('rules') : undefined;
  if (!isSeq(list)) throw new AcpError('policy_invalid', '"rules" must be a list.');
  return list.items.map((item, index) => {
    const rule = rules[index];
    if (rule === undefined || !isNode(item)) throw new Error('a checked policy has a rule that is none');
    return {
      id: rule.id,
      effect: rule.effect,
      ...(rule.description === undefined ? {} : { description: rule.description }),
      rule: item.toJS(document) as JsonObject,
      line: lines.linePos(item.range?.[0] ?? 0).line,
    };
  });
}
