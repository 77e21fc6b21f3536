import * as z from 'zod';
import { recordRefSchema } from './history.ts';

const count = z.number().int().nonnegative();
const effect = z.enum(['allow', 'ask', 'deny']);
const lines = z.array(z.string().max(4096)).max(256);

/** A call to judge without running it. */
export const callDraftSchema = z.object({
  method: z.string().min(1).max(256).default('tools/call'),
  tool: z.string().max(1024).optional(),
  uri: z.string().max(8192).optional(),
  prompt: z.string().max(1024).optional(),
  arguments: z.record(z.string(), z.json()).optional(),
  client: z.string().max(1024).optional(),
});
export type CallDraft = z.infer<typeof callDraftSchema>;

export const triedCallSchema = z.object({
  effect,
  decidedBy: z.string().optional(),
  matched: z.array(z.object({ rule: z.string(), effect, conditions: z.array(z.string()) })),
  /** Why, in plain lines: rules, facts, near misses. They quote argument values. */
  explanation: lines,
  /** Paths of mcp-acp itself that the call touches: refused whatever the rules say. */
  protectedPaths: lines,
  policyVersion: z.string().max(64),
});
export type TriedCall = z.infer<typeof triedCallSchema>;

/** A change of one rule in a policy's text, which keeps the comments. `rule` is what stands in the list: id, effect, when, … */
export const ruleChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), rule: z.record(z.string(), z.json()) }),
  z.object({ kind: z.literal('replace'), id: z.string().max(64), rule: z.record(z.string(), z.json()) }),
  z.object({ kind: z.literal('remove'), id: z.string().max(64) }),
]);
export type RuleChange = z.infer<typeof ruleChangeSchema>;

/** The rules of a text as a form edits them; only of a text that is valid. */
export const listedRuleSchema = z.object({
  id: z.string(),
  effect,
  description: z.string().optional(),
  /** As it is written, lists and all. */
  rule: z.record(z.string(), z.json()),
  line: z.number().int(),
});
export type ListedRule = z.infer<typeof listedRuleSchema>;

/** Calls by what was decided then and what the candidate would decide. `unknown`: what was asked is not kept whole. */
const replayCountSchema = z.object({
  before: z.enum(['allow', 'ask', 'deny']),
  after: z.enum(['allow', 'ask', 'deny', 'unknown']),
  calls: count,
});

const changedCallSchema = recordRefSchema.extend({
  time: z.string(),
  method: z.string(),
  tool: z.string().optional(),
  client: z.string().optional(),
  before: effect,
  after: z.enum(['allow', 'ask', 'deny', 'unknown']),
  decidedBefore: z.string().optional(),
  decidedAfter: z.string().optional(),
});

const replayResultSchema = z.object({
  calls: count,
  /** Calls whose arguments are not kept: never counted as allowed. */
  unknown: count,
  /** Calls that a person would be asked about, then and under the candidate. */
  promptsBefore: count,
  promptsAfter: count,
  counts: z.array(replayCountSchema),
  /** The newest calls decided otherwise. */
  changed: z.array(changedCallSchema).max(500),
  changedTotal: count,
  tookMs: z.number().nonnegative(),
});

const progress = z.object({
  type: z.literal('progress'),
  doneCalls: count,
  doneBytes: count,
  totalBytes: count,
});

export const replayStepSchema = z.discriminatedUnion('type', [
  progress,
  z.object({ type: z.literal('result'), result: replayResultSchema }),
]);
export type ReplayStep = z.infer<typeof replayStepSchema>;

/** A rule that would have spoken for a call, with what it would have done to the calls of the past. */
const ruleProposalSchema = z.object({
  /** What it says in plain words. */
  summary: z.string(),
  rule: z.record(z.string(), z.json()),
  /** As it will stand in the file. */
  yaml: z.string(),
  /**
   * All that has to change, in order: the rule added, and where it shall allow the call each rule that asks replaced by itself
   * with an exception, since ask beats allow.
   */
  changes: z.array(ruleChangeSchema).max(32),
  matched: count,
  /** Of those: calls that a person denied, that were denied by policy, and that cannot be told. */
  personDenied: count,
  policyDenied: count,
  unknown: count,
});

export const proposeStepSchema = z.discriminatedUnion('type', [
  progress,
  z.object({ type: z.literal('result'), proposals: z.array(ruleProposalSchema).max(4), days: count }),
]);
export type ProposeStep = z.infer<typeof proposeStepSchema>;

/** What to make a rule of: a question that is pending, or a decision on record. */
export const proposalSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approval'), instance: z.string().max(32), approval: z.string().max(32) }),
  z.object({ kind: z.literal('record'), instance: z.string().max(32), seq: count }),
]);
export type ProposalSource = z.infer<typeof proposalSourceSchema>;

export const importedPolicySchema = z.object({
  text: z.string(),
  rules: count,
  /** What could not be taken over as it was, and how it was read. */
  notes: lines,
});
export type ImportedPolicy = z.infer<typeof importedPolicySchema>;

/** Work on policies that changes no file. Throws AcpError: 'proxy_unknown', 'policy_invalid'. */
export interface PolicyWorkPort {
  /** `text` absent: the saved policy. */
  tryCall(proxy: string, call: CallDraft, text: string | undefined): TriedCall;
  rules(text: string): readonly ListedRule[];
  /** The text with the change. Throws AcpError('usage') where there is no such rule. */
  changeRule(text: string, change: RuleChange): string;
  /** JSON Schema of a policy file, for editors. */
  schema(): unknown;
  /** Decides the calls of the last `days` anew. Ends early with the signal. */
  replay(
    candidate: { readonly proxy: string; readonly text: string; readonly days: number },
    signal: AbortSignal,
  ): AsyncIterable<ReplayStep>;
  /**
   * From narrow to wide. `effect` undefined: a deny for a decision on record that a person denied, else an allow. Throws
   * AcpError('not_found') where the call is gone.
   */
  propose(
    wanted: {
      readonly proxy: string;
      readonly source: ProposalSource;
      readonly effect?: 'allow' | 'deny' | undefined;
      readonly days: number;
    },
    signal: AbortSignal,
  ): AsyncIterable<ProposeStep>;
  /** A `policy.json` of mcp-acp-nexus as our policy. Throws AcpError('usage') where it is none. */
  importNexus(json: string): ImportedPolicy;
}
