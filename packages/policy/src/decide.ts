import type { Effect } from '@mcp-acp/shared/effect';
import type { MatchedRule } from '@mcp-acp/shared/journal-record';
import type { CompiledPolicy, CompiledRule, RuleTest } from './compile-policy.ts';
import type { Facts } from './facts.ts';
import type { GrantLimit, GrantScope, Rule } from './policy.ts';

/** What the policy says about one request, with why. */
export interface Decision {
  readonly effect: Effect;
  /** The rule that decided; absent where no rule spoke, which is a deny. */
  readonly decidedBy?: string;
  /** Every rule whose conditions all held, the strongest effect first. */
  readonly matched: readonly MatchedRule[];
  /** Only on `ask`: how far a "yes" may reach; absent means this call only. */
  readonly grant?: GrantLimit;
  /** Only on `ask`: who may be asked; `via` absent means any channel. */
  readonly ask?: { readonly via?: readonly string[] };
}

const nothingSaid: Decision = { effect: 'deny', matched: [] };
/** Names of tools kept per policy; a client that invents names only empties the cache. */
const maxCandidates = 1024;
const maxCachedName = 256;

/**
 * Decides one request: deny beats ask beats allow, and nothing said is deny. One pass over the rules gives the
 * decision and its explanation.
 */
export function decide(policy: CompiledPolicy, facts: Facts): Decision {
  let matched: MatchedRule[] | undefined;
  let decider: Rule | undefined;
  let asks: Rule[] | undefined;
  for (const candidate of candidatesFor(policy, facts)) {
    if (!allHold(candidate.tests, facts)) continue;
    matched ??= [];
    matched.push(candidate.matched);
    // Rules stand in order of strength, so the first that matches decides.
    decider ??= candidate.rule;
    if (candidate.rule.effect === 'ask' && decider.effect === 'ask') {
      asks ??= [];
      asks.push(candidate.rule);
    }
  }
  if (matched === undefined || decider === undefined) return nothingSaid;
  const decision = { effect: decider.effect, decidedBy: decider.id, matched };
  return asks === undefined ? decision : { ...decision, ...strictest(asks) };
}

function allHold(tests: readonly RuleTest[], facts: Facts): boolean {
  for (const test of tests) if (!test.holds(facts)) return false;
  return true;
}

/** The rules, strongest first, whose fixed tests hold. */
export function candidatesFor(policy: CompiledPolicy, facts: Facts): readonly CompiledRule[] {
  const { method, toolName } = facts;
  const known = policy.candidates.get(method)?.get(toolName);
  if (known !== undefined) return known;
  const candidates = policy.rules.filter((rule) => allHold(rule.fixedTests, facts));
  if (method.length <= maxCachedName && (toolName?.length ?? 0) <= maxCachedName) {
    remember(policy.candidates, facts, candidates);
  }
  return candidates;
}

function remember(
  cache: CompiledPolicy['candidates'],
  { method, toolName }: Facts,
  candidates: readonly CompiledRule[],
): void {
  const tools = cache.get(method);
  if (tools === undefined) {
    if (cache.size >= maxCachedMethods) cache.clear();
    cache.set(method, new Map([[toolName, candidates]]));
  } else {
    if (tools.size >= maxCandidates) tools.clear();
    tools.set(toolName, candidates);
  }
}
const maxCachedMethods = 64;

const scopeOrder: readonly GrantScope[] = ['exact', 'path', 'tool'];

/** Where several rules ask, a "yes" reaches as far as the strictest lets it, over a channel that all of them take. */
function strictest(asks: readonly Rule[]): Pick<Decision, 'grant' | 'ask'> {
  let grant = asks[0]?.grant;
  let via = asks[0]?.ask?.via;
  for (const rule of asks.slice(1)) {
    grant = narrower(grant, rule.grant);
    const other = rule.ask?.via;
    if (other !== undefined)
      via = via === undefined ? other : via.filter((channel) => other.includes(channel));
  }
  return {
    ...(grant === undefined ? undefined : { grant }),
    ...(via === undefined ? undefined : { ask: { via } }),
  };
}

function narrower(a: GrantLimit | undefined, b: GrantLimit | undefined): GrantLimit | undefined {
  if (a === undefined || b === undefined) return undefined;
  const uses = Math.min(a.uses ?? Number.POSITIVE_INFINITY, b.uses ?? Number.POSITIVE_INFINITY);
  return {
    ttlMs: Math.min(a.ttlMs, b.ttlMs),
    scope: scopeOrder.indexOf(a.scope) <= scopeOrder.indexOf(b.scope) ? a.scope : b.scope,
    ...(Number.isFinite(uses) ? { uses } : undefined),
  };
}
