import { restorePolicy } from '@mcp-acp/admin/policies';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { afterSave } from './after-save.ts';
import { versionNumber } from './version-number.ts';

export const policyRestore: CommandSpec = {
  path: ['policy', 'restore'],
  summary: 'bring back an earlier version of a policy, as a new one',
  arguments: [{ name: 'version', description: 'its number, from policy history', required: true }],
  options: [proxyOption],
  examples: ['mcp-acp policy restore 3 --proxy files'],
  run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.option('proxy'));
    const number = versionNumber(input.argument(0) ?? '');
    return afterSave(cli, name, restorePolicy(paths, { name, number }, cli.actor()));
  },
};
