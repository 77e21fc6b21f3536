import { importNexusPolicy } from '@mcp-acp/admin/import-nexus-policy';
import { readPolicy, savePolicy } from '@mcp-acp/admin/policies';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { textFromFile } from '../../edit-in-editor.ts';
import { afterSave } from './after-save.ts';

export const policyImport: CommandSpec = {
  path: ['policy', 'import'],
  summary: 'turn a policy.json of mcp-acp-nexus into a policy',
  details:
    'Prints it; with --save it takes the place of the policy of a proxy, whose versions are kept. What cannot be said here never becomes looser: an allow is left out, a deny or hitl becomes wider, with a comment.',
  arguments: [{ name: 'file', description: 'the policy.json, - for stdin', required: true }],
  options: [proxyOption, { flags: '--save', description: "put it in the place of the proxy's policy" }],
  examples: [
    'mcp-acp policy import policy.json > draft.yaml',
    'mcp-acp policy import policy.json --proxy files --save',
  ],
  async run(cli, input) {
    const imported = importNexusPolicy(textFromFile(input.argument(0) ?? ''));
    const { text, rules, notes } = imported;
    if (!input.flag('save')) {
      return {
        data: imported,
        text: text.trimEnd().split('\n'),
        notes: cli.json ? [] : [`${rules} rules.`, ...notes],
      };
    }
    const paths = cli.paths();
    const name = chooseProxy(paths, input.option('proxy'));
    const { digest } = readPolicy(paths, name);
    const answer = await afterSave(cli, name, savePolicy(paths, { name, text, edited: digest }, cli.actor()));
    return { ...answer, data: { ...(answer.data as object), rules, notes }, notes: cli.json ? [] : notes };
  },
};
