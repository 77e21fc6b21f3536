import { readPolicy } from '@mcp-acp/admin/policies';
import { isConfirmed } from '@mcp-acp/config/policy-history';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { reloadInstances, reloadLines } from '../../live/reload-instances.ts';

export const policyReload: CommandSpec = {
  path: ['policy', 'reload'],
  summary: 'ask running proxies to read their policy again',
  details:
    'A policy that is not valid is refused here and never sent; one that allows more waits for policy confirm.',
  options: [proxyOption],
  examples: ['mcp-acp policy reload --proxy files'],
  async run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.option('proxy'));
    const { text, file, digest } = readPolicy(paths, name);
    parsePolicy(text, file);
    const instances = await reloadInstances(paths, name);
    const confirmed = isConfirmed(paths, name, digest);
    return {
      data: { proxy: name, version: digest, confirmed, instances },
      text:
        instances.length === 0
          ? [`"${name}" is not running; it reads its policy when it starts.`]
          : reloadLines(instances),
      notes:
        confirmed || instances.length === 0
          ? []
          : [
              'This version was edited by hand. What it allows beyond the last one waits for: mcp-acp policy confirm',
            ],
      exit: instances.some(({ asked }) => !asked) ? 1 : 0,
    };
  },
};
