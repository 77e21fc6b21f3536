import { readPolicy, savePolicy } from '@mcp-acp/admin/policies';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { editInEditor, textFromFile } from '../../edit-in-editor.ts';
import { afterSave } from './after-save.ts';
import { policyProblems, problemLine } from './policy-problems.ts';

export const policyEdit: CommandSpec = {
  path: ['policy', 'edit'],
  summary: "change a proxy's policy in your editor",
  details:
    'Opens a copy in $VISUAL or $EDITOR, checks it, and saves it as a new version. Saving here confirms what it allows.',
  options: [
    proxyOption,
    { flags: '--file <file>', description: 'take the new text from a file instead, - for stdin' },
  ],
  examples: ['mcp-acp policy edit', 'mcp-acp policy edit --file policy.yaml'],
  async run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.option('proxy'));
    const { file, text, digest } = readPolicy(paths, name);
    const given = input.option('file');
    const edited =
      given !== undefined
        ? textFromFile(given)
        : await editInEditor(cli, {
            name: 'policy.yaml',
            text,
            problems: (now) =>
              policyProblems(now, file).map((problem) => problemLine('policy.yaml', problem)),
          });
    // Checked here under its own name: a place in a draft is not one in the policy.
    if (given !== undefined) parsePolicy(edited ?? '', given);
    return afterSave(
      cli,
      name,
      savePolicy(paths, { name, text: edited ?? text, edited: digest }, cli.actor()),
    );
  },
};
