import type { Effect } from '@mcp-acp/shared/effect';
import { visible } from '@mcp-acp/shared/visible';
import type { CompiledPolicy } from './compile-policy.ts';
import type { Decision } from './decide.ts';
import type { Facts, PathFact } from './facts.ts';

/** How one rule fared on one request: all its conditions, parted by whether they held. Not for the hot path. */
export interface RuleTrial {
  readonly rule: string;
  readonly effect: Effect;
  readonly held: readonly string[];
  readonly failed: readonly string[];
}

/** Tries every condition of every rule, strongest effect first. */
export function tryRules(policy: CompiledPolicy, facts: Facts): readonly RuleTrial[] {
  return policy.rules.map(({ rule, fixedTests, tests }) => {
    const held: string[] = [];
    const failed: string[] = [];
    for (const test of [...fixedTests, ...tests]) (test.holds(facts) ? held : failed).push(test.name);
    return { rule: rule.id, effect: rule.effect, held, failed };
  });
}

const shownRules = 5;
const shownPaths = 10;

/**
 * A decision in plain lines: what, by which rule, on which facts. With the `policy` also the rules that nearly
 * matched (one condition failed). Argument values are quoted, so the lines are for the user, not for the journal.
 */
export function describeDecision(decision: Decision, facts: Facts, policy?: CompiledPolicy): string[] {
  const lines = [
    decision.decidedBy === undefined
      ? 'deny: no rule matched, and what no rule allows is denied'
      : `${decision.effect}: decided by rule "${decision.decidedBy}"`,
  ];
  for (const matched of decision.matched) {
    lines.push(`  matched ${matched.effect} "${matched.rule}" by ${matched.conditions.join(', ')}`);
  }
  if (decision.grant !== undefined) {
    const { ttlMs, scope, uses } = decision.grant;
    const count = uses === undefined ? '' : `, ${uses} uses`;
    const span = Number.isFinite(ttlMs) ? `${ttlMs / 1000} s` : 'for the session';
    lines.push(`  one yes reaches: ${scope}, ${span}${count}`);
  }
  if (decision.ask?.via !== undefined) lines.push(`  may be answered from: ${decision.ask.via.join(', ')}`);
  lines.push(...describeFacts(facts));
  if (policy !== undefined) lines.push(...describeNearMisses(policy, facts));
  return lines;
}

function describeFacts(facts: Facts): string[] {
  const operations = facts.operationsUncertain ? 'unknown, so any' : facts.operations.join(', ');
  const effects = facts.sideEffectsUncertain ? 'unknown, so any' : facts.sideEffects.join(', ');
  const lines = [
    `facts: ${visible(facts.method)}${facts.toolName === undefined ? '' : ` ${visible(facts.toolName)}`}`,
  ];
  lines.push(`  operations: ${operations}`, `  side effects: ${effects}`);
  if (!facts.complete)
    lines.push('  the arguments were too large to read whole, so no allow on paths or hosts matches');
  for (const operand of facts.operands.slice(0, shownPaths)) lines.push(`  operand ${describePath(operand)}`);
  for (const mention of facts.mentions.slice(0, shownPaths)) lines.push(`  mention ${describePath(mention)}`);
  const hidden =
    Math.max(0, facts.operands.length - shownPaths) + Math.max(0, facts.mentions.length - shownPaths);
  if (hidden > 0) lines.push(`  and ${hidden} more`);
  return lines;
}

function describePath(fact: PathFact): string {
  const parts = [`"${visible(fact.text)}"`];
  if (fact.resolved !== undefined && fact.resolved !== fact.text) parts.push(`= ${visible(fact.resolved)}`);
  if (fact.kind === 'uri' && fact.uri?.host !== undefined) parts.push(`on host ${visible(fact.uri.host)}`);
  if (fact.role !== undefined) parts.push(`(${fact.role})`);
  if (fact.kind === 'path' && !fact.certain) parts.push('(where it leads is not certain)');
  return parts.join(' ');
}

function describeNearMisses(policy: CompiledPolicy, facts: Facts): string[] {
  return tryRules(policy, facts)
    .filter((trial) => trial.failed.length === 1 && trial.held.length > 0)
    .slice(0, shownRules)
    .map((trial) => `nearly matched ${trial.effect} "${trial.rule}": all but ${trial.failed[0]}`);
}
