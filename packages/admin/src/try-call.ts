import { homedir } from 'node:os';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { describeDecision } from '@mcp-acp/policy/describe-decision';
import type { Effect } from '@mcp-acp/shared/effect';
import type { MatchedRule } from '@mcp-acp/shared/journal-record';
import type { JsonObject } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { explainCall } from './explain-call.ts';

/** A call somebody made up, as a page or a person writes it. */
export interface MadeUpCall {
  readonly method: string;
  readonly tool?: string | undefined;
  readonly uri?: string | undefined;
  readonly prompt?: string | undefined;
  readonly arguments?: JsonObject | undefined;
  readonly client?: string | undefined;
}

export interface TriedCall {
  readonly effect: Effect;
  readonly decidedBy?: string;
  readonly matched: readonly MatchedRule[];
  readonly explanation: readonly string[];
  readonly protectedPaths: readonly string[];
  readonly policyVersion: string;
}

/** Lines shown, and characters of each: they quote what was typed. */
const mostLines = 256;
const mostCharacters = 4096;

/**
 * What a policy says about a call, with why in plain lines; `text` absent: the policy in the file. Throws AcpError:
 * 'proxy_unknown', 'config_invalid', 'policy_invalid'.
 */
export function tryCall(
  paths: HomePaths,
  name: string,
  { call, text, subjectId }: { call: MadeUpCall; text: string | undefined; subjectId: string },
): TriedCall {
  const { method, tool, uri, prompt, client } = call;
  const named = method === 'tools/call' || method === 'prompts/get';
  // Of other methods a policy sees all parameters, the URI among them.
  const args = named || uri === undefined ? call.arguments : { ...call.arguments, uri };
  const explained = explainCall(paths, name, {
    method,
    ...(tool === undefined || method !== 'tools/call' ? {} : { toolName: tool }),
    ...(prompt === undefined || method !== 'prompts/get' ? {} : { promptName: prompt }),
    ...(uri === undefined || named ? {} : { uri }),
    ...(args === undefined ? {} : { arguments: args }),
    ...(client === undefined ? {} : { client }),
    ...(text === undefined ? {} : { policyText: text }),
    subjectId,
    clientCwd: homedir(),
    userHome: homedir(),
  });
  const { effect, decision, facts, protectedPaths, pathUnclear, policyVersion, policy, cwd } = explained;
  const refused = protectedPaths.length > 0 || pathUnclear;
  const lines = [
    ...protectedPaths.map((path) => `deny: ${visible(path)} belongs to mcp-acp itself; no rule can open it`),
    ...(pathUnclear ? ['deny: a path cannot be resolved, so it may lead to mcp-acp itself'] : []),
    ...describeDecision(decision, facts, policy),
    ...(cwd?.assumed === true && facts.operands.length > 0
      ? [
          `relative paths are taken from ${visible(cwd.path)}; "backend.cwd" says where the server really starts`,
        ]
      : []),
  ];
  const bounded = (list: readonly string[]) =>
    list.slice(0, mostLines).map((line) => line.slice(0, mostCharacters));
  return {
    effect,
    ...(decision.decidedBy === undefined || refused ? {} : { decidedBy: decision.decidedBy }),
    matched: decision.matched,
    explanation: bounded(lines),
    protectedPaths: bounded(protectedPaths),
    policyVersion,
  };
}
