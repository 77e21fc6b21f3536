import { readPolicy } from '@mcp-acp/admin/policies';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { isConfirmed, policyVersions } from '@mcp-acp/config/policy-history';
import { checkPolicy, type PolicyProblem } from '@mcp-acp/policy/check-policy';

/**
 * How a proxy's policy file stands to what decides its calls. `in_force`: every running instance that answers decides by it.
 * `held`: it was edited by hand and allows more, so an older one decides until a person confirms it. `not_read`: an instance
 * has yet to read it. `at_start`: none runs, and the next one begins with it. `unknown`: those that run do not answer.
 */
export type PolicyStanding = 'in_force' | 'held' | 'not_read' | 'at_start' | 'unknown';

export interface PolicyStatus {
  /** Of the file. */
  readonly version: string;
  readonly rules: number;
  readonly confirmed: boolean;
  readonly standing: PolicyStanding;
  /** The versions that running instances decide by. */
  readonly inForce: readonly string[];
  /** An earlier version is kept, so that this one is a change. */
  readonly isChange: boolean;
}

export interface Running {
  /** How many run, whether they answer or not. */
  readonly count: number;
  /** What those that answer decide by. */
  readonly versions: readonly string[];
  /** Versions of the file that they hold until a person confirms them. */
  readonly held: readonly string[];
}

/** Where the file cannot be used it says why instead. Throws AcpError as `readPolicy` does. */
export function policyStatus(
  paths: HomePaths,
  name: string,
  running: Running,
):
  | { readonly ok: true; readonly policy: PolicyStatus }
  | { readonly ok: false; readonly file: string; readonly first: PolicyProblem | undefined } {
  const { text, file, digest } = readPolicy(paths, name);
  const check = checkPolicy(text, file);
  if (!check.ok) return { ok: false, file, first: check.problems[0] };
  const confirmed = isConfirmed(paths, name, digest);
  const inForce = [...new Set(running.versions)];
  return {
    ok: true,
    policy: {
      version: digest,
      rules: check.policy.rules.length,
      confirmed,
      standing: standingOf(digest, inForce, running),
      inForce,
      isChange: policyVersions(paths, name).some((kept) => kept.digest !== digest),
    },
  };
}

function standingOf(version: string, inForce: readonly string[], running: Running): PolicyStanding {
  if (running.count === 0) return 'at_start';
  if (inForce.length === 0) return 'unknown';
  if (inForce.every((one) => one === version)) return 'in_force';
  return running.held.includes(version) ? 'held' : 'not_read';
}

/** The same for a person, with what there is to do. */
export function policyText(name: string, policy: PolicyStatus): string {
  const { version, rules, confirmed, standing, inForce, isChange } = policy;
  const file = `${version.slice(0, 12)}, ${rules} ${rules === 1 ? 'rule' : 'rules'}`;
  const older = inForce
    .filter((one) => one !== version)
    .map((one) => one.slice(0, 12))
    .join(' and ');
  const isByHand = !confirmed && isChange;
  switch (standing) {
    case 'in_force':
      return `policy ${file}, in force`;
    case 'held':
      return `policy ${older} in force; ${file}, was edited by hand and is held until you confirm it: mcp-acp policy confirm --proxy ${name}`;
    case 'not_read':
      return `policy ${older} in force; ${file}, is not read yet: mcp-acp policy reload --proxy ${name}`;
    case 'at_start':
      return `policy ${file}${isByHand ? ', edited by hand: in force from the next start on' : ''}`;
    case 'unknown':
      return `policy ${file}${isByHand ? `, edited by hand: what it allows beyond the last one is held until you confirm it: mcp-acp policy confirm --proxy ${name}` : ''}`;
  }
}
