import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { type CompiledPolicy, compilePolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import { decideUnsure } from '@mcp-acp/policy/decide-unsure';
import type { PathResolver } from '@mcp-acp/policy/facts';
import { hasUnclearPath, protectedPlaces } from '@mcp-acp/policy/protected-paths';
import type { Effect } from '@mcp-acp/shared/effect';
import type { PastCall } from './past-call.ts';
import type { DecisionRecord } from './past-decisions.ts';

/** What a candidate says of a recorded call. */
export interface PastVerdict {
  readonly effect: Effect | 'unknown';
  readonly decidedBy?: string;
}

export interface PastJudge {
  judge(record: DecisionRecord, call: PastCall | undefined): PastVerdict;
}

const unknown: PastVerdict = { effect: 'unknown' };

/** Judges recorded calls as a proxy with this policy would: by its rules, and by the paths that no rule can open. */
export function createPastJudge(policy: CompiledPolicy, protectedRoots: readonly string[]): PastJudge {
  return {
    judge: (record, call) => {
      if (call === undefined) return unknown;
      const { facts, unsure } = call;
      if (unsure === undefined) {
        if (protectedPlaces(facts, protectedRoots).length > 0 || hasUnclearPath(facts))
          return { effect: 'deny' };
        return decide(policy, facts);
      }
      const guarded = unsure.operands ? guardedThen(record) : guardedNow(call, protectedRoots);
      if (guarded === 'yes') return { effect: 'deny' };
      const { effects, decidedBy } = decideUnsure(policy, facts, unsure);
      const [only] = effects;
      if (only === undefined || effects.length > 1) return unknown;
      if (guarded === 'maybe' && only !== 'deny') return unknown;
      return decidedBy === undefined ? { effect: only } : { effect: only, decidedBy };
    },
  };
}

const guardedNow = ({ facts }: PastCall, roots: readonly string[]): 'yes' | 'no' =>
  protectedPlaces(facts, roots).length > 0 || hasUnclearPath(facts) ? 'yes' : 'no';

/**
 * Whether the call named a protected place, as its record tells: that reason stands there unless something had denied it
 * before.
 */
function guardedThen({ reason, effect }: DecisionRecord): 'yes' | 'no' | 'maybe' {
  if (reason === 'protected_path' || reason === 'path_unclear') return 'yes';
  return effect === 'deny' || reason === 'proxy_disabled' || reason === 'guard_failed' ? 'maybe' : 'no';
}

/** What was decided then: by the policy, or by the guard of paths that no rule can open. */
export const decidedThen = (record: DecisionRecord): Effect =>
  record.reason === 'protected_path' || record.reason === 'path_unclear' ? 'deny' : (record.effect ?? 'deny');

/** Texts whose places are remembered: asking the disk costs more than all the rest. */
const maxPlaces = 65_536;
const maxRemembered = 512;

/** A resolver that remembers, and knows when it was asked where a relative path leads though nobody knows from where. */
export function createPastResolver(options: { readonly cwd: string | undefined; readonly home: string }): {
  readonly resolver: PathResolver;
  guessedPlace(): boolean;
} {
  const disk = createPathResolver({ cwd: options.cwd ?? options.home, home: options.home });
  const known = new Map<string, readonly string[]>();
  let guessed = false;
  return {
    resolver: {
      places: (text) => {
        if (options.cwd === undefined && !/^[/~]/.test(text)) guessed = true;
        const before = known.get(text);
        if (before !== undefined) return before;
        const places = disk.places(text);
        if (known.size >= maxPlaces) known.clear();
        if (text.length <= maxRemembered) known.set(text, places);
        return places;
      },
    },
    guessedPlace: () => {
      const was = guessed;
      guessed = false;
      return was;
    },
  };
}

/** Compiles a text for judging the past. Throws AcpError('policy_invalid'). */
export const compileCandidate = (
  text: string,
  { home, resolver }: { readonly home: string; readonly resolver: PathResolver },
): CompiledPolicy =>
  compilePolicy(parsePolicy(text, 'policy.yaml'), '0'.repeat(64), { home, paths: resolver });
