import type { Effect } from '@mcp-acp/shared/effect';
import type { MatchedRule } from '@mcp-acp/shared/journal-record';
import type { Condition } from './condition.ts';
import type { Facts } from './facts.ts';
import { allOf, type LooksAt, looksAtOf, looksAtOperands } from './looks-at.ts';
import {
  extensionCondition,
  hostCondition,
  type OperandSurroundings,
  pathCondition,
  schemeCondition,
} from './operand-conditions.ts';
import type { PatternSurroundings } from './path-patterns.ts';
import type { Policy, Rule, When } from './policy.ts';
import {
  operationsCondition,
  resourceTypeCondition,
  scalarCondition,
  sideEffectsCondition,
} from './scalar-conditions.ts';
import { argumentCondition, claimCondition } from './value-conditions.ts';

/** One thing a rule asks of a request. */
export interface RuleTest {
  readonly name: string;
  readonly fixed: boolean;
  /** What it looks at that a request may have lost since. */
  readonly looksAt: LooksAt;
  readonly holds: (facts: Facts) => boolean;
}

export interface CompiledRule {
  readonly rule: Rule;
  /** What decisions carry when it matched: made once, shared by all. */
  readonly matched: MatchedRule;
  /** Those that look at the method and tool name alone. */
  readonly fixedTests: readonly RuleTest[];
  readonly tests: readonly RuleTest[];
}

/** A policy ready to decide. */
export interface CompiledPolicy {
  /** SHA-256 of the policy file's bytes, 64 lower-case hex digits. */
  readonly version: string;
  readonly policy: Policy;
  /** Deny before ask before allow, then by id, so that the order in the file changes nothing. */
  readonly rules: readonly CompiledRule[];
  /** The rules whose fixed tests hold for a method and a tool's name. Bounded; filled while deciding. */
  readonly candidates: Map<string, Map<string | undefined, readonly CompiledRule[]>>;
}

export type CompileOptions = PatternSurroundings;

const effectOrder = { deny: 0, ask: 1, allow: 2 } as const satisfies Record<Effect, number>;

/** Compiles a checked policy. The patterns of a {@link Policy} from `checkPolicy` cannot fail to compile. */
export function compilePolicy(policy: Policy, version: string, options: CompileOptions = {}): CompiledPolicy {
  const rules = policy.rules
    .map((rule) => compileRule(rule, options))
    .sort(
      (a, b) =>
        effectOrder[a.rule.effect] - effectOrder[b.rule.effect] ||
        (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0),
    );
  return { version, policy, rules, candidates: new Map() };
}

function compileRule(rule: Rule, options: CompileOptions): CompiledRule {
  const surroundings = { ...options, mentionsAll: rule.when.mentions === 'all' };
  const conditions = compileConditions(rule.when, surroundings);
  const opens = rule.effect === 'allow';
  const { mentionsAll } = surroundings;
  const tests: RuleTest[] = conditions.map((condition) => ({
    name: condition.name,
    fixed: condition.fixed,
    looksAt: looksAtOf(condition.name, rule.when, mentionsAll),
    holds: opens ? condition.certain : condition.possible,
  }));
  const excluded = rule.when.not ?? [];
  const blocks = excluded.map((when) => compileConditions(when, surroundings));
  if (blocks.length > 0) {
    const looks = blocks.flatMap((block, index) =>
      block.map(({ name }) => looksAtOf(name, excluded[index] as When, mentionsAll)),
    );
    tests.push({ ...exclusionTest(blocks, opens), looksAt: allOf(looks) });
  }
  const names = tests.map((test) => test.name);
  const coverage = opens ? coverageTest(rule.when, conditions) : undefined;
  if (coverage !== undefined) tests.push(coverage);
  return {
    rule,
    matched: { rule: rule.id, effect: rule.effect, conditions: names },
    fixedTests: tests.filter((test) => test.fixed),
    tests: tests.filter((test) => !test.fixed),
  };
}

/** `not`: of each block at least one condition fails: surely for an allow, possibly for a deny or ask. */
function exclusionTest(blocks: readonly (readonly Condition[])[], opens: boolean): Omit<RuleTest, 'looksAt'> {
  return {
    name: 'not',
    fixed: blocks.every((block) => block.every((condition) => condition.fixed)),
    holds: (facts) =>
      blocks.every((block) =>
        block.some((condition) => (opens ? condition.certainlyNot(facts) : condition.possiblyNot(facts))),
      ),
  };
}

/**
 * An allow that speaks of operands must speak of every one: an allow on paths does not let a URL pass beside the
 * path, nor an allow on hosts a path beside the URL.
 */
function coverageTest(when: When, conditions: readonly Condition[]): RuleTest | undefined {
  const anyPath = when.path_pattern !== undefined || when.extension !== undefined;
  const source = when.source_path !== undefined;
  const dest = when.dest_path !== undefined;
  const web = when.host !== undefined || when.scheme !== undefined;
  if (!anyPath && !source && !dest && !web) return undefined;
  const patternsJudgeUris = (name: string): boolean =>
    conditions.some(
      (condition) => condition.name === name && 'judgesUris' in condition && condition.judgesUris === true,
    );
  const uris = {
    any: web || patternsJudgeUris('path_pattern'),
    source: patternsJudgeUris('source_path'),
    dest: patternsJudgeUris('dest_path'),
  };
  return {
    name: 'every operand',
    fixed: false,
    looksAt: looksAtOperands,
    holds: (facts) => {
      for (const { kind, role, uri } of facts.operands) {
        const covered =
          kind === 'path'
            ? anyPath ||
              (source && role === 'source') ||
              (dest && role === 'dest') ||
              (when.scheme !== undefined && uri !== undefined)
            : uris.any || (uris.source && role === 'source') || (uris.dest && role === 'dest');
        if (!covered) return false;
      }
      return true;
    },
  };
}

function compileConditions(when: When, surroundings: OperandSurroundings): readonly Condition[] {
  const conditions: Condition[] = [];
  const { mentionsAll } = surroundings;
  for (const name of ['mcp_method', 'tool_name', 'backend_id', 'subject_id', 'client'] as const) {
    const patterns = when[name];
    if (patterns !== undefined) conditions.push(scalarCondition(name, patterns));
  }
  if (when.resource_type !== undefined) conditions.push(resourceTypeCondition(when.resource_type));
  if (when.operations !== undefined) conditions.push(operationsCondition(when.operations));
  if (when.side_effects !== undefined) conditions.push(sideEffectsCondition(when.side_effects));
  for (const test of when.claims ?? []) conditions.push(claimCondition(test));
  for (const test of when.arguments ?? []) conditions.push(argumentCondition(test));
  if (when.scheme !== undefined) conditions.push(schemeCondition(when.scheme, mentionsAll));
  if (when.host !== undefined) conditions.push(hostCondition(when.host, mentionsAll));
  if (when.extension !== undefined) conditions.push(extensionCondition(when.extension, mentionsAll));
  for (const name of ['path_pattern', 'source_path', 'dest_path'] as const) {
    const patterns = when[name];
    if (patterns !== undefined) conditions.push(pathCondition(name, patterns, surroundings));
  }
  return conditions;
}
