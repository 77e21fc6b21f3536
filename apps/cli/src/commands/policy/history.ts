import { policyHistory } from '@mcp-acp/admin/policies';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { table } from '../../output/table.ts';

export const policyHistoryCommand: CommandSpec = {
  path: ['policy', 'history'],
  summary: 'list every version of a policy',
  options: [proxyOption],
  examples: ['mcp-acp policy history --proxy files'],
  run(cli, input) {
    const name = chooseProxy(cli.paths(), input.option('proxy'));
    const versions = policyHistory(cli.paths(), name);
    const rows = versions.map(({ number, digest, current, confirmed }) => [
      `${current ? '*' : ' '} ${number}`,
      digest.slice(0, 12),
      confirmed === undefined
        ? 'not confirmed'
        : `confirmed ${visible(confirmed.time, 32)} by ${visible(confirmed.by, 64)}`,
    ]);
    return {
      data: { proxy: name, versions },
      text: table([['  VERSION', 'DIGEST', ''], ...rows]),
      notes: [`Look at one: mcp-acp policy show --version N. Bring one back: mcp-acp policy restore N`],
    };
  },
};
