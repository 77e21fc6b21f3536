import { checkPolicy } from '@mcp-acp/policy/check-policy';
import { compilePolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import type { Facts, PathResolver } from '@mcp-acp/policy/facts';
import type { Rule } from '@mcp-acp/policy/policy';
import type { JsonObject, JsonValue } from '@mcp-acp/shared/json';
import { changeRule, type RuleEdit } from './change-rule.ts';
import { listRules } from './list-rules.ts';

/** What else must change for an allow to let a call pass, and what would stop it all the same. */
export interface Releases {
  readonly edits: readonly RuleEdit[];
  /** Ids of rules that would still ask about the call, and that deny it. */
  readonly stillAsked: readonly string[];
  readonly denied: readonly string[];
}

/**
 * An ask beats any allow, so a rule that asks about the call gets the exception `not`, with the very conditions of the allow:
 * it goes on asking about everything else. A rule that denies is left as it is.
 */
export function releasesOf(
  text: string,
  allow: JsonObject,
  call: { readonly facts: Facts; readonly home: string; readonly resolver: PathResolver },
): Releases {
  const before = decideBy(text, call);
  if (before === undefined) return { edits: [], stillAsked: [], denied: [] };
  const speaking = (effect: Rule['effect']): readonly string[] =>
    before.matched.filter((rule) => rule.effect === effect).map(({ rule }) => rule);
  const denied = speaking('deny');
  const asking = speaking('ask');
  if (denied.length > 0 || asking.length === 0) return { edits: [], stillAsked: [], denied };
  const written = listRules(text);
  const edits = asking.flatMap((id): RuleEdit[] => {
    const rule = written.find((one) => one.id === id)?.rule;
    return rule === undefined ? [] : [{ kind: 'replace', id, rule: withException(rule, allow.when ?? {}) }];
  });
  let changed = text;
  for (const edit of [{ kind: 'add' as const, rule: allow }, ...edits]) changed = changeRule(changed, edit);
  const after = decideBy(changed, call);
  if (after?.effect === 'allow') return { edits, stillAsked: [], denied: [] };
  return { edits: [], stillAsked: asking, denied: [] };
}

function decideBy(
  text: string,
  {
    facts,
    home,
    resolver,
  }: { readonly facts: Facts; readonly home: string; readonly resolver: PathResolver },
) {
  const checked = checkPolicy(text, 'policy.yaml');
  if (!checked.ok) return undefined;
  return decide(compilePolicy(checked.policy, '0'.repeat(64), { home, paths: resolver }), facts);
}

function withException(rule: JsonObject, exception: JsonValue): JsonObject {
  const when = rule.when as JsonObject;
  const { not } = when;
  const blocks = not === undefined ? [] : Array.isArray(not) ? (not as readonly JsonValue[]) : [not];
  return { ...rule, when: { ...when, not: blocks.length === 0 ? exception : [...blocks, exception] } };
}
