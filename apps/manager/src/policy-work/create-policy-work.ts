import { homedir } from 'node:os';
import { callOfCard, callOfRecord, effectForRecord } from '@mcp-acp/admin/call-for-rule';
import { changeRule } from '@mcp-acp/admin/change-rule';
import { importNexusPolicy } from '@mcp-acp/admin/import-nexus-policy';
import { listRules } from '@mcp-acp/admin/list-rules';
import { readPolicy } from '@mcp-acp/admin/policies';
import type { CallForRule } from '@mcp-acp/admin/propose-shapes';
import { replayHome } from '@mcp-acp/admin/replay/home-of-replay';
import { tryCall } from '@mcp-acp/admin/try-call';
import type { RecordDetail, RecordRef } from '@mcp-acp/api/ports/history';
import type {
  ListedRule,
  PolicyWorkPort,
  ProposalSource,
  ProposeStep,
  ReplayStep,
} from '@mcp-acp/api/ports/policy-work';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { localUser } from '@mcp-acp/identity/local-user';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { policySchema } from '@mcp-acp/policy/policy-schema';
import type { ApprovalCard } from '@mcp-acp/shared/live/approval';
import { createTurnstile } from './one-after-the-other.ts';
import type { PastWork } from './past-work-messages.ts';
import { doPastWork } from './past-worker.ts';

export interface PolicyWorkOptions {
  readonly paths: HomePaths;
  /** The question with all a person decides on. Throws AcpError('not_found'). */
  readonly card: (proxy: string, instance: string, approval: string) => Promise<ApprovalCard>;
  /** Throws AcpError('not_found'). */
  readonly record: (ref: RecordRef) => Promise<RecordDetail>;
}

/** Each reads a whole journal: more at once would only take turns on the same disk. */
const atOnce = 2;

/** The work on policies that changes no file. */
export function createPolicyWork({ paths, card, record }: PolicyWorkOptions): PolicyWorkPort {
  const turnstile = createTurnstile(atOnce);

  async function* overThePast(work: PastWork, signal: AbortSignal) {
    const leave = await turnstile.enter(signal);
    if (leave === undefined) return;
    try {
      yield* doPastWork(work, signal);
    } finally {
      leave();
    }
  }

  const work = (proxy: string, days: number) => ({
    at: replayHome(paths),
    proxy,
    days,
    home: homedir(),
    now: Date.now(),
  });

  /** A call a rule is wanted for, and what such a rule does if nobody says otherwise. */
  async function sourceOf(
    proxy: string,
    source: ProposalSource,
  ): Promise<{ readonly call: CallForRule; readonly usual: 'allow' | 'deny' }> {
    const { instance } = source;
    if (source.kind === 'approval')
      return { call: callOfCard(await card(proxy, instance, source.approval)), usual: 'allow' };
    const found = await record({ proxy, instance, seq: source.seq });
    return { call: callOfRecord(found), usual: effectForRecord(found.record) };
  }

  return {
    tryCall: (proxy, call, text) => {
      const tried = tryCall(paths, proxy, { call, text, subjectId: localUser().current().id });
      return {
        ...tried,
        matched: tried.matched.map((rule) => ({ ...rule, conditions: [...rule.conditions] })),
        explanation: [...tried.explanation],
        protectedPaths: [...tried.protectedPaths],
      };
    },
    rules: (text) => listRules(text) as readonly ListedRule[],
    changeRule,
    schema: () => policySchema,
    replay: ({ proxy, text, days }, signal) => {
      // What is wrong with the text is told at once, not from another thread.
      readPolicy(paths, proxy);
      parsePolicy(text, paths.policy(proxy));
      const steps = overThePast({ ...work(proxy, days), kind: 'replay', text }, signal);
      return steps as AsyncIterable<ReplayStep>;
    },
    async *propose({ proxy, source, effect, days }, signal) {
      const { call, usual } = await sourceOf(proxy, source);
      const wanted = { kind: 'propose', call, effect: effect ?? usual } as const;
      yield* overThePast({ ...work(proxy, days), ...wanted }, signal) as AsyncIterable<ProposeStep>;
    },
    importNexus: (json) => {
      const { text, rules, notes } = importNexusPolicy(json);
      return { text, rules, notes: [...notes] };
    },
  };
}
