import { setConfig } from '@mcp-acp/admin/configs';
import { runningInstances } from '@mcp-acp/admin/instances';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type Answer, type CommandSpec, type Input, proxyOption } from '../../command-spec.ts';

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

function switchTo(enabled: boolean, cli: Cli, input: Input): Answer {
  const paths = cli.paths();
  const proxy = chooseProxy(paths, input.argument(0) ?? input.option('proxy'));
  // On is what a file means that does not speak of it.
  const change = { key: 'enabled', text: enabled ? undefined : 'false' };
  const { before } = setConfig(paths, { kind: 'proxy', name: proxy }, change);
  const { instances } = runningInstances(paths, proxy);
  const changed = before !== enabled;
  const word = enabled ? 'on' : 'off';
  return {
    data: { proxy, enabled, changed, instances },
    text: [changed ? `"${proxy}" is switched ${word}.` : `"${proxy}" is ${word} already.`],
    notes:
      changed && instances.length > 0
        ? [
            enabled
              ? 'Running instances answer again at once.'
              : 'Running instances refuse every request from now on, and say why.',
          ]
        : [],
  };
}
