import { runningInstances } from '@mcp-acp/admin/instances';
import { doesAnswer } from '@mcp-acp/admin/manager-find';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { proxyNames } from '@mcp-acp/config/proxy-config';
import { checkSocket } from '@mcp-acp/config/run-dir';
import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { EndedApproval, Grant, PendingApproval } from '@mcp-acp/shared/live/approval';
import type { ManagerApi, ProxiesApi } from '../loaded-later/api-client.ts';

/** Which instance; how all operations on live state name it. */
export interface Target {
  readonly proxy: string;
  readonly instance: InstanceId;
}

/** Live state of one instance, through the manager or from the instance itself. */
export interface Reached {
  readonly target: Target;
  readonly api: Pick<ProxiesApi, 'proxy'>;
}

export interface Unheard {
  readonly proxy: string;
  readonly instance: string;
  readonly problem: string;
}

/** All instances that run, each reached by the best way there is. It must be closed. */
export interface ApprovalsAccess {
  readonly source: 'manager' | 'proxies';
  readonly reached: readonly Reached[];
  /** Instances that gave no answer so far. */
  readonly unheard: readonly Unheard[];
  pending(): Promise<readonly Asked[]>;
  ended(): Promise<readonly EndedApproval[]>;
  grants(): Promise<readonly { readonly grant: Grant; readonly at: Reached }[]>;
  close(): void;
}

/** A question, and where to answer it. */
export interface Asked {
  readonly question: PendingApproval;
  readonly at: Reached;
}

/**
 * Opens a way to all running instances of these proxies: through the manager to those that joined it, straight to the
 * sockets of the others, and of all where no manager answers. Throws AcpError('audit_unavailable') where the journal does
 * not tell who runs.
 */
export async function reachApprovals(paths: HomePaths, names = proxyNames(paths)): Promise<ApprovalsAccess> {
  const { apiClient } = await import('../loaded-later/api-client.ts');
  const manager = (await doesAnswer(paths.managerSocket))
    ? apiClient.manager(paths.managerSocket)
    : undefined;
  const proxies = apiClient.proxies((proxy, instance) =>
    paths.proxySocket(proxy, instance as InstanceId | undefined),
  );
  const joined = manager === undefined ? undefined : await joinedInstances(manager.api);
  const unheard: Unheard[] = [];
  const reached = names.flatMap((proxy): readonly Reached[] => {
    const running = runningInstances(paths, proxy);
    if (running.problem !== undefined) throw running.problem;
    return running.instances.flatMap(({ instance }) => {
      const target = { proxy, instance };
      if (manager !== undefined && joined?.has(instance)) return [{ target, api: manager.api }];
      return listens(paths, target) ? [{ target, api: proxies.api }] : [];
    });
  });

  /** What every instance answers; one that does not is noted and left out. */
  const each = async <Value>(ask: (at: Reached) => Promise<readonly Value[]>): Promise<readonly Value[]> => {
    unheard.length = 0;
    const answers = await Promise.allSettled(reached.map(ask));
    return answers.flatMap((answer, index) => {
      if (answer.status === 'fulfilled') return answer.value;
      const { proxy = '', instance = '' } = reached[index]?.target ?? {};
      const { code, message } = apiClient.errorOf(answer.reason);
      // It has ended since it was looked for, and all it asked with it.
      if (code !== 'proxy_disconnected') unheard.push({ proxy, instance, problem: message });
      return [];
    });
  };

  return {
    source: joined === undefined ? 'proxies' : 'manager',
    reached,
    unheard,
    pending: () =>
      each(async (at) => {
        const { pending } = await at.api.proxy.approvals.query(at.target);
        return pending.map((question) => ({ question, at }));
      }),
    ended: () => each(async ({ api, target }) => (await api.proxy.approvals.query(target)).ended),
    grants: () =>
      each(async (at) => (await at.api.proxy.grants.query(at.target)).map((grant) => ({ grant, at }))),
    close: () => {
      manager?.close();
      proxies.close();
    },
  };
}

/** Runs `act` with a way to all running instances. Failures are what the other side said. */
export async function withApprovals<Result>(
  paths: HomePaths,
  names: readonly string[],
  act: (access: ApprovalsAccess) => Promise<Result>,
): Promise<Result> {
  const access = await reachApprovals(paths, names);
  try {
    return await act(access);
  } catch (error) {
    if (error instanceof AcpError) throw error;
    const { apiClient } = await import('../loaded-later/api-client.ts');
    throw apiClient.errorOf(error);
  } finally {
    access.close();
  }
}

/** Undefined where the manager does not say: its instances are asked themselves then. */
async function joinedInstances(api: ManagerApi): Promise<ReadonlySet<string> | undefined> {
  try {
    const seen = await api.proxies.list.query();
    return new Set<string>(
      seen.flatMap(({ instances }) =>
        instances.flatMap(({ connection, status }) => (connection === 'connected' ? [status.instance] : [])),
      ),
    );
  } catch {
    return undefined;
  }
}

/** What stands in a socket's place and is none of ours is as good as nobody. */
function listens(paths: HomePaths, { proxy, instance }: Target): boolean {
  try {
    return checkSocket(paths.proxySocket(proxy, instance)) === 'there';
  } catch {
    return false;
  }
}
