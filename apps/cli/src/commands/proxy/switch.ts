import { setConfig } from '@mcp-acp/admin/configs';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { AcpError } from '@mcp-acp/shared/errors';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type Answer, type CommandSpec, type Input, proxyOption } from '../../command-spec.ts';
import { type ReloadedInstance, reloadInstances, reloadLines } from '../../live/reload-instances.ts';

const name = { name: 'name', description: 'the proxy; may be left out when there is exactly one' };

export const proxyEnable: CommandSpec = {
  path: ['proxy', 'enable'],
  summary: 'switch a proxy on again',
  arguments: [name],
  options: [proxyOption],
  examples: ['mcp-acp proxy enable files'],
  run: (cli, input) => switchTo(true, cli, input),
};

export const proxyDisable: CommandSpec = {
  path: ['proxy', 'disable'],
  summary: 'switch a proxy off: it keeps its files, starts no more and refuses every request',
  arguments: [name],
  options: [proxyOption],
  examples: ['mcp-acp proxy disable files'],
  run: (cli, input) => switchTo(false, cli, input),
};

async function switchTo(enabled: boolean, cli: Cli, input: Input): Promise<Answer> {
  const paths = cli.paths();
  const proxy = chooseProxy(paths, input.argument(0) ?? input.option('proxy'));
  // On is what a file means that does not speak of it.
  const change = { key: 'enabled', text: enabled ? undefined : 'false' };
  const { before } = setConfig(paths, { kind: 'proxy', name: proxy }, change);
  const changed = before !== enabled;
  const word = enabled ? 'on' : 'off';
  const { instances, problem } = await reloaded(paths, proxy);
  const late = instances.filter((instance) => !hasTaken(instance));
  return {
    data: { proxy, enabled, changed, instances },
    text: [
      changed ? `"${proxy}" is switched ${word}.` : `"${proxy}" is ${word} already.`,
      ...reloadLines(instances),
    ],
    notes: [
      ...(instances.length > late.length
        ? [
            enabled
              ? 'Requests are answered again.'
              : 'Every request is refused from now on, and it is said why.',
          ]
        : []),
      ...(problem === undefined
        ? []
        : [`warning: it cannot be told who runs, so nobody was asked to see it: ${problem.message}`]),
      ...(late.length > 0
        ? [
            `warning: ${late.length} of ${instances.length} running instances did not say that it is ${word} there: look at them with mcp-acp status.`,
          ]
        : []),
    ],
  };
}

/** What has been written is written, whether or not the journal tells who is to read it. */
async function reloaded(
  paths: HomePaths,
  proxy: string,
): Promise<{ readonly instances: readonly ReloadedInstance[]; readonly problem?: AcpError }> {
  try {
    return { instances: await reloadInstances(paths, proxy) };
  } catch (error) {
    if (error instanceof AcpError) return { instances: [], problem: error };
    throw error;
  }
}

/** Whether the settings as they are now are in force there. */
const hasTaken = ({ reloaded }: ReloadedInstance): boolean =>
  reloaded?.config === 'loaded' || reloaded?.config === 'unchanged';
