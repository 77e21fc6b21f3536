import type { HomePaths } from '@mcp-acp/config/home-paths';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import type { AccessRequest } from '@mcp-acp/policy/access-request';
import { checkPolicy } from '@mcp-acp/policy/check-policy';
import { type CompiledPolicy, compilePolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import { decideUnsure } from '@mcp-acp/policy/decide-unsure';
import { describeRule } from '@mcp-acp/policy/describe-rule';
import { extractFacts } from '@mcp-acp/policy/facts';
import { hasUnclearPath, protectedPlaces } from '@mcp-acp/policy/protected-paths';
import { isJsonObject, type JsonObject } from '@mcp-acp/shared/json';
import { freeRuleId } from './add-rule.ts';
import type { RuleEdit } from './change-rule.ts';
import { readPolicy } from './policies.ts';
import { releasesOf } from './propose-releases.ts';
import { type CallForRule, type RuleShape, ruleShapes } from './propose-shapes.ts';
import { decidedThen } from './replay/judge-past.ts';
import type { PastCall } from './replay/past-call.ts';
import type { DecisionRecord } from './replay/past-decisions.ts';
import type { ReplayProgress } from './replay/replay-policy.ts';
import { scanPast } from './replay/scan-past.ts';
import { ruleText } from './rule-text.ts';

export interface ProposeTask {
  readonly paths: HomePaths;
  readonly proxy: string;
  readonly call: CallForRule;
  /** What the rule shall do with the call; absent: allow it. */
  readonly effect?: 'allow' | 'deny';
  readonly days: number;
  /** What `~` stands for. */
  readonly home: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A rule that would have decided a call, with what it would have done to the calls of the past. */
export interface RuleProposal {
  readonly summary: string;
  readonly rule: JsonObject;
  readonly yaml: string;
  /**
   * All that has to change: the rule added, and of an allow, where rules ask about the call, which beats any allow, those
   * rules with an exception for just this.
   */
  readonly changes: readonly RuleEdit[];
  readonly matched: number;
  readonly personDenied: number;
  readonly policyDenied: number;
  readonly unknown: number;
}

export type ProposeStep =
  | ReplayProgress
  | { readonly type: 'result'; readonly proposals: readonly RuleProposal[]; readonly days: number };

const mostProposals = 4;

/**
 * Rules that would allow or deny a call, from narrow to wide, each counted over the calls of the last days. None for a call
 * that names what no rule can open. Of rules that would allow it those after which it would be stopped all the same are left
 * out, unless all are such: then the first is there, and says so. Steps of progress, then one result; none where the signal ended it. Throws AcpError:
 * 'proxy_unknown', 'config_invalid', 'policy_invalid', 'audit_unavailable'.
 */
export async function* proposeRules(task: ProposeTask, signal: AbortSignal): AsyncGenerator<ProposeStep> {
  const drafts = draftRules(task);
  const counts = drafts.map(() => ({ matched: 0, personDenied: 0, policyDenied: 0, unknown: 0 }));
  if (drafts.length > 0) {
    for await (const { calls, progress } of scanPast(task, signal)) {
      for (const { record, call } of calls) {
        for (const [index, draft] of drafts.entries()) {
          count(counts[index] as Counts, record, matches(draft, call));
        }
      }
      yield progress;
    }
  }
  if (signal.aborted) return;
  const proposals = drafts.map(({ policy: _, isVain: __, ...draft }, index) => ({
    ...draft,
    ...(counts[index] as Counts),
  }));
  yield { type: 'result', proposals, days: task.days };
}

interface Counts {
  matched: number;
  personDenied: number;
  policyDenied: number;
  unknown: number;
}

function count(counts: Counts, record: DecisionRecord, matched: 'yes' | 'no' | 'maybe'): void {
  if (matched === 'maybe') counts.unknown++;
  if (matched !== 'yes') return;
  counts.matched++;
  if (record.reason === 'person_denied') counts.personDenied++;
  else if (decidedThen(record) === 'deny') counts.policyDenied++;
}

/** Whether a rule speaks of a call, by the policy of that rule alone, in which nothing else has its effect. */
function matches({ policy, rule }: Draft, call: PastCall | undefined): 'yes' | 'no' | 'maybe' {
  if (call === undefined) return 'maybe';
  if (call.unsure === undefined) return decide(policy, call.facts).effect === rule.effect ? 'yes' : 'no';
  const { effects } = decideUnsure(policy, call.facts, call.unsure);
  if (effects.length > 1) return 'maybe';
  return effects[0] === rule.effect ? 'yes' : 'no';
}

type Draft = Pick<RuleProposal, 'summary' | 'rule' | 'yaml' | 'changes'> & {
  readonly policy: CompiledPolicy;
  /** The call is stopped all the same. */
  readonly isVain: boolean;
};

function draftRules({ paths, proxy, call, effect = 'allow', home }: ProposeTask): readonly Draft[] {
  const { backend } = readProxyConfig(paths, proxy);
  const { text } = readPolicy(paths, proxy);
  const stdio = backend.transport === 'stdio' ? backend : undefined;
  const resolver = createPathResolver({ cwd: stdio?.cwd ?? home, home });
  const facts = extractFacts(
    requestOf(call, { backendId: backend.id, isStdio: stdio !== undefined }),
    resolver,
  );
  const closed = [paths.home, paths.logs].flatMap((folder) => resolver.places(folder));
  if (protectedPlaces(facts, closed).length > 0 || hasUnclearPath(facts)) return [];
  const taken: string[] = [];
  const drafts: Draft[] = [];
  for (const shape of ruleShapes(call, facts, { home, closed })) {
    const id = freeRuleId(text, idOf(shape, effect), taken);
    const rule: JsonObject = { id, effect, when: shape.when };
    const policy = compileOne(rule, { home, paths: resolver });
    // What was written for the call must hold for it; where its arguments are not known it cannot speak of them.
    if (policy === undefined || decide(policy, facts).effect !== effect) continue;
    taken.push(id);
    const releases = effect === 'deny' ? none : releasesOf(text, rule, { facts, home, resolver });
    drafts.push({
      summary: summaryOf(rule, releases),
      rule,
      yaml: ruleText(rule, ''),
      changes: [{ kind: 'add', rule }, ...releases.edits],
      policy,
      isVain: releases.stillAsked.length > 0 || releases.denied.length > 0,
    });
    if (drafts.length === mostProposals) break;
  }
  const useful = drafts.filter(({ isVain }) => !isVain);
  return useful.length > 0 ? useful : drafts.slice(0, 1);
}

/** A deny beats every other rule: nothing else has to change for it. */
const none: ReturnType<typeof releasesOf> = { edits: [], stillAsked: [], denied: [] };

function summaryOf(rule: JsonObject, releases: ReturnType<typeof releasesOf>): string {
  const said = `${describeRule(rule)}${besides(rule)}`;
  const { edits, stillAsked, denied } = releases;
  if (denied.length > 0) return `${said} It would still be denied by ${denied.join(', ')}.`;
  if (stillAsked.length > 0) return `${said} It would still be asked about by ${stillAsked.join(', ')}.`;
  if (edits.length === 0) return said;
  const asking = edits.map((edit) => (edit.kind === 'replace' ? edit.id : '')).join(', ');
  return `${said} No longer asked about by ${asking}.`;
}

/** A rule names arguments, and is silent about others. */
const besides = ({ when }: JsonObject): string =>
  isJsonObject(when) && when.arguments !== undefined ? ' Other arguments may stand beside these.' : '';

const allElse: JsonObject = { id: 'all-else', effect: 'allow', when: { mcp_method: '*' } };

function compileOne(
  rule: JsonObject,
  options: { readonly home: string; readonly paths: ReturnType<typeof createPathResolver> },
): CompiledPolicy | undefined {
  // Where no rule speaks a call is denied: that a deny does not speak of a call shows where all else is allowed.
  const rules = rule.effect === 'deny' ? [rule, allElse] : [rule];
  const checked = checkPolicy(JSON.stringify({ version: 1, rules }), 'proposal');
  return checked.ok ? compilePolicy(checked.policy, '0'.repeat(64), options) : undefined;
}

function requestOf(
  call: CallForRule,
  { backendId, isStdio }: { readonly backendId: string; readonly isStdio: boolean },
): AccessRequest {
  const named = call.method === 'tools/call' || call.method === 'prompts/get';
  const uri = named ? undefined : call.arguments?.uri;
  return {
    method: call.method,
    from: call.from,
    backendId,
    backendKind: isStdio ? 'stdio' : 'http',
    subjectId: call.subject,
    ...(call.tool === undefined ? {} : { toolName: call.tool }),
    ...(call.prompt === undefined ? {} : { promptName: call.prompt }),
    ...(call.client === undefined ? {} : { client: call.client }),
    ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
    ...(typeof uri === 'string' ? { uri } : {}),
  };
}

function idOf({ words }: RuleShape, effect: 'allow' | 'deny'): string {
  const id = `${effect}-${words}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/-+$/, '');
  return id === effect ? `${effect}-this` : id;
}
