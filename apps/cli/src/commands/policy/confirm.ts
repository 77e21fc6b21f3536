import { confirmCurrentPolicy } from '@mcp-acp/admin/policies';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { reloadInstances, reloadLines } from '../../live/reload-instances.ts';

export const policyConfirm: CommandSpec = {
  path: ['policy', 'confirm'],
  summary: 'accept a policy that was edited by hand and allows more than before',
  options: [proxyOption],
  examples: ['mcp-acp policy confirm --proxy files'],
  async run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.option('proxy'));
    const { version, already } = confirmCurrentPolicy(paths, name, cli.actor());
    const instances = await reloadInstances(paths, name);
    return {
      data: { proxy: name, version: { number: version.number, digest: version.digest }, already, instances },
      text: [
        `Version ${version.number} (${version.digest.slice(0, 12)}) of the policy of "${name}" ${already ? 'was confirmed already' : 'is confirmed'}.`,
        ...reloadLines(instances),
      ],
      exit: instances.some(({ asked }) => !asked) ? 1 : 0,
    };
  },
};
