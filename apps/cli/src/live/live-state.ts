import { runningInstances } from '@mcp-acp/admin/instances';
import { findManager } from '@mcp-acp/admin/manager-find';
import type { HistoryState } from '@mcp-acp/api/ports/history';
import type { ManagerStatus } from '@mcp-acp/api/ports/manager-process';
import type { ProxySeen, Totals } from '@mcp-acp/api/ports/proxies';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { checkSocket } from '@mcp-acp/config/run-dir';
import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { Statistics } from '@mcp-acp/shared/live/statistics';
import { problemOf } from '../output/problem.ts';
import { askInstances, askManager } from './ask-programs.ts';

/** What a running instance tells of itself, as the manager passes it on or as it says so itself. */
export type LiveInstance = Omit<InstanceStatus, 'statistics' | 'journal'> & {
  readonly statistics: Statistics;
};

/** Discriminated on `state`. `silent`: something listens there, but gives no answer that can be used. */
export type SeenManager =
  | {
      readonly state: 'running';
      readonly status: ManagerStatus;
      readonly history: HistoryState;
      readonly totals: Totals;
      readonly proxies: readonly ProxySeen[];
    }
  | { readonly state: 'unready'; readonly pid: number }
  | { readonly state: 'silent'; readonly problem: AcpError }
  | { readonly state: 'absent' };

/** What is known of all that runs now. */
export interface LiveState {
  readonly manager: SeenManager;
  /** Instances that answer, by their id. */
  readonly instances: ReadonlyMap<string, LiveInstance>;
  /** Why an instance that runs does not answer, by its id. */
  readonly silent: ReadonlyMap<string, AcpError>;
}

/**
 * Asks the manager what runs; instances it does not know of, or all where there is none, are asked themselves. What gives
 * no answer is left out, and its files speak for it.
 */
export async function readLiveState(paths: HomePaths, names: readonly string[]): Promise<LiveState> {
  const manager = await seeManager(paths);
  const instances = new Map<string, LiveInstance>();
  if (manager.state === 'running') {
    for (const seen of manager.proxies.flatMap((proxy) => proxy.instances)) {
      if (seen.connection === 'connected') instances.set(seen.status.instance, seen.status);
    }
  }
  const silent = new Map<string, AcpError>();
  const others = names
    .flatMap((proxy) => runningInstances(paths, proxy).instances.map(({ instance }) => ({ proxy, instance })))
    .filter(({ instance }) => !instances.has(instance));
  const listening = others.filter(({ proxy, instance }) => {
    try {
      return checkSocket(paths.proxySocket(proxy, instance)) === 'there';
    } catch (error) {
      if (error instanceof AcpError) silent.set(instance, error);
      return false;
    }
  });
  if (listening.length > 0) await askEach(paths, listening, { instances, silent });
  return { manager, instances, silent };
}

async function seeManager(paths: HomePaths): Promise<SeenManager> {
  try {
    const found = await findManager(paths);
    if (found.state !== 'running') return found;
    return await askManager(paths, async (api) => {
      const [status, history, totals, proxies] = await Promise.all([
        api.manager.status.query(),
        api.history.state.query(),
        api.proxies.totals.query(),
        api.proxies.list.query(),
      ]);
      return { state: 'running', status, history, totals, proxies };
    });
  } catch (error) {
    if (error instanceof AcpError) return { state: 'silent', problem: error };
    throw error;
  }
}

function askEach(
  paths: HomePaths,
  targets: readonly { readonly proxy: string; readonly instance: InstanceId }[],
  found: { readonly instances: Map<string, LiveInstance>; readonly silent: Map<string, AcpError> },
): Promise<void> {
  return askInstances(paths, async (api) => {
    const answers = await Promise.allSettled(targets.map((target) => api.proxy.status.query(target)));
    const { apiClient } = await import('../loaded-later/api-client.ts');
    targets.forEach(({ instance }, index) => {
      const answer = answers[index];
      if (answer?.status === 'fulfilled') found.instances.set(instance, answer.value);
      else found.silent.set(instance, apiClient.errorOf(answer?.reason));
    });
  });
}

/** The manager as data for `--json`. */
export function managerData(manager: SeenManager): Readonly<Record<string, unknown>> {
  switch (manager.state) {
    case 'running':
      return { state: 'running', ...manager.status, uptimeMs: uptimeMs(manager.status.startedAt) };
    case 'silent': {
      const { exit: _, ...problem } = problemOf(manager.problem);
      return { state: 'silent', problem };
    }
    default:
      return { ...manager };
  }
}

/** Clocks of two processes may differ; nothing has run for less than no time. */
export const uptimeMs = (startedAt: string): number => Math.max(0, Date.now() - Date.parse(startedAt));
