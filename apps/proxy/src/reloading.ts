import type { Journal } from '@mcp-acp/audit/journal';
import { watchFile } from '@mcp-acp/config/watch-file';
import type { ChangeBody } from '@mcp-acp/shared/journal-record';
import { visible } from '@mcp-acp/shared/visible';
import type { ConfigInForce } from './config-in-force.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import { quietly } from './quietly.ts';

export interface ReloadingParts {
  readonly files: { readonly policy: string; readonly config: string };
  readonly policies: PolicyInForce;
  readonly configs: ConfigInForce;
  readonly journal: Journal;
  /** A policy came into force. */
  readonly policyLoaded: () => void;
}

type Change = 'unchanged' | 'loaded' | 'rejected' | 'held';

export interface ReloadResult {
  readonly policy: Change;
  readonly config: Change;
  /** Why not all of it is in force. */
  readonly problem?: string;
}

export interface Reloading {
  /** Reads both files again and records what that changed, with the id of the API's request that asked for it. */
  reload(request?: string): ReloadResult;
  stop(): void;
}

/** Policy and configuration are read again when their files change, on SIGHUP, and when somebody asks. */
export function startReloading({
  files,
  policies,
  configs,
  journal,
  policyLoaded,
}: ReloadingParts): Reloading {
  const record = (change: ChangeBody, request: string | undefined): void => {
    const why = change.problem ?? change.changed?.join(', ') ?? '';
    process.stderr.write(
      `mcp-acp: ${change.type} ${change.event}${why === '' ? '' : `: ${visible(why, 1024)}`}\n`,
    );
    journal.append(request === undefined ? change : { ...change, request });
  };

  const reloadPolicy = (request?: string): Change => {
    const change = policies.reload();
    if (change !== undefined) record(change, request);
    if (change?.event === 'loaded') policyLoaded();
    return kindOf(change ?? policies.setAside());
  };

  const reloadConfig = (request?: string): Change => {
    const changes = configs.reload();
    for (const change of changes) record(change, request);
    return kindOf(configs.setAside() ?? changes[0]);
  };

  const all = (): void => {
    quietly(reloadPolicy);
    quietly(reloadConfig);
  };
  const watches = [
    watchFile(files.policy, () => quietly(reloadPolicy)),
    watchFile(files.config, () => quietly(reloadConfig)),
  ];
  process.on('SIGHUP', all);

  return {
    reload: (request) => {
      const policy = reloadPolicy(request);
      const config = reloadConfig(request);
      const problem = [policies.setAside(), configs.setAside()].flatMap(problemOf).join('; ');
      return { policy, config, ...(problem === '' ? {} : { problem: problem.slice(0, 1024) }) };
    },
    stop: () => {
      for (const watch of watches) watch.close();
      process.off('SIGHUP', all);
    },
  };
}

const kindOf = (change: ChangeBody | undefined): Change =>
  change === undefined || change.event === 'confirmed' ? 'unchanged' : change.event;

function problemOf(change: ChangeBody | undefined): readonly string[] {
  if (change === undefined) return [];
  if (change.problem !== undefined) return [change.problem];
  const what = change.changed?.join(', ') ?? '';
  return change.type === 'policy'
    ? [`the policy is looser than the one in force and waits for a confirmation (${what})`]
    : [`the next start takes over: ${what}`];
}
