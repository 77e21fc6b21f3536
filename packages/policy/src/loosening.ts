import { canonicalJson } from '@mcp-acp/shared/json';
import type { Policy, Rule } from './policy.ts';

/**
 * Whether going from one policy to another may let something through that was stopped or asked before, and the ids
 * of the rules that differ, sorted. Whatever is not shown to tighten counts as loosening:
 *
 * - tightening: a deny or ask added; an allow removed, or turned into an ask or deny; an ask turned into a deny with
 *   the same conditions; an ask that only loses its grant.
 * - loosening: an allow added or changed; a deny or ask removed or changed in any other way.
 *
 * A changed description changes nothing.
 */
export function compareLoosening(
  before: Policy,
  after: Policy,
): { readonly loosening: boolean; readonly changed: readonly string[] } {
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  const changed: string[] = [];
  let loosening = false;
  for (const rule of after.rules) {
    const was = old.get(rule.id);
    old.delete(rule.id);
    if (was !== undefined && sameRule(was, rule)) continue;
    changed.push(rule.id);
    if (was === undefined ? rule.effect === 'allow' : !tightens(was, rule)) loosening = true;
  }
  for (const rule of old.values()) {
    changed.push(rule.id);
    if (rule.effect !== 'allow') loosening = true;
  }
  return { loosening, changed: changed.sort() };
}

function tightens(was: Rule, is: Rule): boolean {
  if (is.effect === 'allow') return false;
  if (was.effect === 'allow') return true;
  if (canonicalJson(was.when) !== canonicalJson(is.when)) return false;
  if (was.effect === 'ask' && is.effect === 'deny') return true;
  return (
    was.effect === is.effect &&
    is.grant === undefined &&
    canonicalJson(was.ask ?? {}) === canonicalJson(is.ask ?? {})
  );
}

const sameRule = (a: Rule, b: Rule): boolean =>
  canonicalJson({ ...a, description: '' }) === canonicalJson({ ...b, description: '' });
