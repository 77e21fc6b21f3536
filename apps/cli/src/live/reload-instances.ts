import { type AskedInstance, runningInstances, signalToReload } from '@mcp-acp/admin/instances';
import type { Reloaded } from '@mcp-acp/api/ports/instance';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { checkSocket } from '@mcp-acp/config/run-dir';
import type { InstanceId } from '@mcp-acp/shared/ids';
import { visible } from '@mcp-acp/shared/visible';
import { askInstances } from './ask-programs.ts';

/** An instance that was asked to read its files again; `reloaded`, where it could say what it made of them. */
export interface ReloadedInstance extends AskedInstance {
  readonly reloaded?: Omit<Reloaded, 'instance'>;
}

/**
 * Asks every live instance of a proxy to read policy and configuration again: on its socket, and by signal where nobody
 * answers there. Throws AcpError('audit_unavailable') where the journal does not tell who runs.
 */
export async function reloadInstances(paths: HomePaths, proxy: string): Promise<readonly ReloadedInstance[]> {
  const running = runningInstances(paths, proxy);
  if (running.problem !== undefined) throw running.problem;
  const listening = running.instances.filter(({ instance }) => listens(paths, proxy, instance));
  const answers = listening.length === 0 ? new Map<string, Reloaded>() : await ask(paths, proxy, listening);
  return running.instances.map((one) => {
    const answer = answers.get(one.instance);
    if (answer === undefined) return signalToReload(one);
    const { instance, ...reloaded } = answer;
    return { instance, pid: one.pid, asked: true, reloaded };
  });
}

async function ask(
  paths: HomePaths,
  proxy: string,
  instances: readonly { readonly instance: InstanceId }[],
): Promise<ReadonlyMap<string, Reloaded>> {
  const answers = await askInstances(paths, (api) =>
    Promise.allSettled(instances.map(({ instance }) => api.proxy.reload.mutate({ proxy, instance }))),
  );
  return new Map(
    answers.flatMap((answer): [string, Reloaded][] =>
      answer.status === 'fulfilled' ? [[answer.value.instance, answer.value]] : [],
    ),
  );
}

/** What stands in the socket's place and is none of ours is as good as nobody. */
function listens(paths: HomePaths, proxy: string, instance: InstanceId): boolean {
  try {
    return checkSocket(paths.proxySocket(proxy, instance)) === 'there';
  } catch {
    return false;
  }
}

export const reloadLines = (instances: readonly ReloadedInstance[]): readonly string[] =>
  instances.map(({ instance, pid, problem, reloaded }) => {
    const who = `${instance} (pid ${pid})`;
    if (problem !== undefined) return `Could not ask ${who}: ${problem}.`;
    if (reloaded === undefined) return `Asked ${who} to reload.`;
    const what = `${who}: policy ${words[reloaded.policy]}, settings ${words[reloaded.config]}`;
    return reloaded.problem === undefined ? `${what}.` : `${what}: ${visible(reloaded.problem, 500)}.`;
  });

/** A file's watch may have been quicker than we. */
const words: Readonly<Record<Reloaded['policy'], string>> = {
  unchanged: 'in force already',
  loaded: 'loaded',
  rejected: 'rejected',
  held: 'held',
};
