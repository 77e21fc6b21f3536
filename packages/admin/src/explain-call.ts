import type { HomePaths } from '@mcp-acp/config/home-paths';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { policyDigest } from '@mcp-acp/config/policy-history';
import { readProxyConfig } from '@mcp-acp/config/proxy-config';
import type { AccessRequest } from '@mcp-acp/policy/access-request';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { type CompiledPolicy, compilePolicy } from '@mcp-acp/policy/compile-policy';
import { type Decision, decide } from '@mcp-acp/policy/decide';
import { extractFacts, type Facts } from '@mcp-acp/policy/facts';
import { hasUnclearPath, protectedPlaces } from '@mcp-acp/policy/protected-paths';
import type { Effect } from '@mcp-acp/shared/effect';
import { readPolicy } from './policies.ts';

/** A call to judge without running it. */
export type CallToExplain = Omit<AccessRequest, 'from' | 'backendId' | 'backendKind'> & {
  /** Where relative paths start if the configuration names no working directory. */
  readonly clientCwd: string;
  /** What `~` stands for. */
  readonly userHome: string;
  /** Text of the policy to decide by; absent: the one in the file. */
  readonly policyText?: string;
};

export interface Explanation {
  readonly effect: Effect;
  readonly decision: Decision;
  readonly facts: Facts;
  /** The paths of mcp-acp itself that the call touches: refused whatever the rules say. */
  readonly protectedPaths: readonly string[];
  /** A path of it cannot be resolved, so that it may lead to mcp-acp itself: refused as well. */
  readonly pathUnclear: boolean;
  readonly policyVersion: string;
  /** The policy it was decided by. */
  readonly policy: CompiledPolicy;
  readonly file: string;
  /**
   * The folder relative paths were taken from, and whether it is a guess: the client decides where a proxy starts.
   * Absent for a server at a URL, whose paths mean nothing on this machine.
   */
  readonly cwd?: { readonly path: string; readonly assumed: boolean };
}

/** Decides one given call under the policy as the file has it now, or under another text. Throws AcpError('proxy_unknown' | 'config_invalid' | 'policy_invalid'). */
export function explainCall(paths: HomePaths, name: string, call: CallToExplain): Explanation {
  const { clientCwd, userHome, policyText, ...given } = call;
  const { backend } = readProxyConfig(paths, name);
  const { text, file, digest } =
    policyText === undefined
      ? readPolicy(paths, name)
      : { text: policyText, file: 'policy.yaml', digest: policyDigest(Buffer.from(policyText)) };
  const ownCwd = backend.transport === 'stdio' ? backend.cwd : undefined;
  const cwd = ownCwd ?? clientCwd;
  const request: AccessRequest = {
    ...given,
    // These three methods run from the backend to the client; everything else from the client to the backend.
    from: /^(?:sampling|elicitation|roots)\//.test(given.method) ? 'server' : 'client',
    backendId: backend.id,
    backendKind: backend.transport === 'stdio' ? 'stdio' : 'http',
  };
  const resolver = createPathResolver({ cwd, home: userHome });
  const facts = extractFacts(request, resolver);
  const policy = compilePolicy(parsePolicy(text, file), digest, { home: userHome, paths: resolver });
  const decision = decide(policy, facts);
  const own = [paths.home, paths.logs].flatMap((folder) => resolver.places(folder));
  const protectedPaths = protectedPlaces(facts, own);
  const pathUnclear = hasUnclearPath(facts);
  return {
    effect: protectedPaths.length > 0 || pathUnclear ? 'deny' : decision.effect,
    decision,
    facts,
    protectedPaths,
    pathUnclear,
    policyVersion: digest,
    policy,
    file,
    ...(backend.transport === 'stdio' ? { cwd: { path: cwd, assumed: ownCwd === undefined } } : {}),
  };
}
