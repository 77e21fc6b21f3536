import { resolve } from 'node:path';
import { readPolicy } from '@mcp-acp/admin/policies';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { textFromFile } from '../../edit-in-editor.ts';
import { policyProblems, problemLine } from './policy-problems.ts';

export const policyCheck: CommandSpec = {
  path: ['policy', 'check'],
  summary: 'say what is wrong with a policy',
  details: 'Exit code 0 when it can be used, 16 when not.',
  arguments: [
    { name: 'file', description: "any policy file, - for stdin; the proxy's own where it is left out" },
  ],
  options: [proxyOption],
  examples: ['mcp-acp policy check', 'mcp-acp policy check draft.yaml'],
  run(cli, input) {
    const given = input.argument(0);
    const { file, text } =
      given === undefined
        ? readPolicy(cli.paths(), chooseProxy(cli.paths(), input.option('proxy')))
        : { file: given === '-' ? '-' : resolve(given), text: textFromFile(given) };
    const problems = policyProblems(text, file);
    const ok = problems.length === 0;
    return {
      data: { file, ok, problems },
      text: ok
        ? [`${file}: ${cli.style.green('ok')}`]
        : problems.map((problem) => problemLine(file, problem)),
      exit: ok ? 0 : 16,
    };
  },
};
