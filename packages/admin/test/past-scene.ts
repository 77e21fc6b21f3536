import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { openJournal } from '@mcp-acp/audit/open-journal';
import { openPayloadStore } from '@mcp-acp/audit/payload-store';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import type { AccessRequest, ToolAnnotations } from '@mcp-acp/policy/access-request';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { compilePolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import { extractFacts } from '@mcp-acp/policy/facts';
import { hasUnclearPath, protectedPlaces } from '@mcp-acp/policy/protected-paths';
import type { ErrorCode } from '@mcp-acp/shared/errors';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { DecisionBody } from '@mcp-acp/shared/journal-record';
import type { JsonObject } from '@mcp-acp/shared/json';
import { redactedJson } from '@mcp-acp/shared/redaction';
import { type ReplayResult, replayPolicy } from '../src/replay/replay-policy.ts';
import type { workshop } from './workshop.ts';

/** A call as a client makes it, and what became of it afterwards. */
export interface MadeCall {
  readonly tool: string;
  readonly arguments?: JsonObject;
  readonly hints?: ToolAnnotations;
  readonly client?: string;
  /** `cut`: as what is too long. `lost`: the record cites a payload that is not there. */
  readonly payload?: 'kept' | 'cut' | 'lost';
  readonly reason?: ErrorCode;
}

type Workshop = ReturnType<typeof workshop>;
let instances = 0;

/** Decides as a proxy of this workshop does. */
export function judgeIn({ paths, dir, config }: Workshop, policyText: string) {
  const resolver = createPathResolver({ cwd: dir, home: homedir() });
  const policy = compilePolicy(parsePolicy(policyText, 'x'), '0'.repeat(64), {
    home: homedir(),
    paths: resolver,
  });
  const roots = [paths.home, paths.logs].flatMap((folder) => resolver.places(folder));
  return (call: MadeCall) => {
    const request: AccessRequest = {
      method: 'tools/call',
      from: 'client',
      toolName: call.tool,
      ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
      ...(call.client === undefined ? {} : { client: call.client }),
      ...(call.hints === undefined ? {} : { tool: { annotations: call.hints } }),
      backendId: config.backend.id,
      backendKind: 'stdio',
      subjectId: 'local:test',
    };
    const facts = extractFacts(request, resolver);
    const decision = decide(policy, facts);
    const guarded: ErrorCode | undefined =
      protectedPlaces(facts, roots).length > 0
        ? 'protected_path'
        : hasUnclearPath(facts)
          ? 'path_unclear'
          : undefined;
    return { facts, decision, guarded, effect: guarded === undefined ? decision.effect : ('deny' as const) };
  };
}

/** Records calls as a proxy does, in a stream of their own, under the policy given. */
export async function recordCalls(
  scene: Workshop,
  policyText: string,
  calls: readonly MadeCall[],
  { keeps = true, at = Date.now() }: { readonly keeps?: boolean; readonly at?: number } = {},
): Promise<InstanceId> {
  const { paths, config } = scene;
  const letters = (instances++)
    .toString(25)
    .padStart(16, '0')
    .replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxy'.charAt(Number.parseInt(digit, 25)));
  const instance = `inst_${letters}` as InstanceId;
  for (const folder of [paths.auditDir('files'), paths.payloadsDir('files'), paths.incidentsDir])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  const payloads = openPayloadStore({ dir: paths.payloadsDir('files'), instance });
  const lost = openPayloadStore({ dir: `${paths.payloadsDir('files')}-lost`, instance });
  const journal = openJournal({
    auditDir: paths.auditDir('files'),
    emergencyFile: paths.incidents.emergency,
    proxyId: config.id,
    proxyName: 'files',
    instance,
    durability: 'flush',
    clock: { now: () => at, monotonicMs: () => performance.now() },
    payloads,
    opened: { pid: process.pid, backend: 'files', subject: 'local:test' },
  });
  const judge = judgeIn(scene, policyText);
  for (const call of calls) {
    const { facts, decision, guarded } = judge(call);
    const reason: ErrorCode | undefined =
      guarded !== undefined && decision.effect !== 'deny' ? guarded : call.reason;
    const store = call.payload === 'lost' ? lost : payloads;
    const json = call.arguments === undefined ? undefined : redactedJson(call.arguments);
    const kept =
      call.payload === 'cut'
        ? JSON.stringify({ truncated: true, bytes: 9_999, head: json?.slice(0, 20) })
        : json;
    const body: DecisionBody = {
      type: 'decision',
      from: 'client',
      class: 'access',
      method: 'tools/call',
      tool: call.tool,
      subject: 'local:test',
      facts: {
        operations: facts.operations,
        sideEffects: facts.sideEffects,
        operands: facts.operands.length,
        mentions: facts.mentions.length,
      },
      matched: decision.matched,
      effect: decision.effect,
      disposition: decision.effect === 'allow' ? 'forwarded' : 'denied',
      size: 200,
      ...(call.client === undefined ? {} : { client: call.client }),
      ...(decision.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
      ...(reason === undefined ? {} : { reason }),
      ...(kept === undefined || !keeps ? {} : { payload: store.add(kept) }),
    };
    journal.append(body);
  }
  await journal.close('client_closed');
  payloads.close();
  lost.close();
  return instance;
}

/** Replays a policy over the last day. */
export async function replayed(scene: Workshop, text: string, days = 1): Promise<ReplayResult> {
  const task = { paths: scene.paths, proxy: 'files', text, days, home: homedir(), now: Date.now() };
  for await (const step of replayPolicy(task, new AbortController().signal)) {
    if (step.type === 'result') return step.result;
  }
  throw new Error('there was no result');
}
