import { addRule } from '@mcp-acp/admin/add-rule';
import { readPolicy, savePolicy } from '@mcp-acp/admin/policies';
import { effects, grantScopes } from '@mcp-acp/policy/policy';
import { AcpError } from '@mcp-acp/shared/errors';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { afterSave } from './after-save.ts';
import { newRule } from './new-rule.ts';
import { policyProblems } from './policy-problems.ts';

export const policyAdd: CommandSpec = {
  path: ['policy', 'add'],
  summary: 'add a rule to a policy',
  details:
    'Comments and layout of the file stay. Order does not matter: deny beats ask beats allow. Saving here confirms what it allows.',
  options: [
    proxyOption,
    { flags: '--effect <effect>', description: 'what should happen', choices: effects },
    { flags: '--id <id>', description: "the rule's id (default: made from its conditions)" },
    { flags: '--description <text>', description: 'why the rule is there' },
    { flags: '--tool <pattern>', description: 'condition tool_name', repeat: true },
    { flags: '--path <pattern>', description: 'condition path_pattern', repeat: true },
    { flags: '--operation <operation>', description: 'condition operations', repeat: true },
    { flags: '--when <key=value>', description: 'any condition; lists and objects as JSON', repeat: true },
    { flags: '--grant-ttl <time>', description: 'how long one "yes" holds: 10m, or session' },
    { flags: '--grant-scope <scope>', description: 'how far one "yes" reaches', choices: grantScopes },
    { flags: '--grant-uses <number>', description: 'how often one "yes" may be used' },
  ],
  asks: true,
  examples: [
    "mcp-acp policy add --effect allow --tool 'read_*' --path '~/project/**'",
    "mcp-acp policy add --effect deny --id no-secrets --path '**/.env*'",
    `mcp-acp policy add --effect ask --when 'operations=["write","delete"]' --grant-ttl 10m --grant-scope exact`,
  ],
  async run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.option('proxy'));
    const { file, text, digest } = readPolicy(paths, name);
    const rule = await newRule(cli, input, text);
    const edited = addRule(text, rule);
    const [problem] = policyProblems(edited, file);
    if (problem !== undefined) {
      // Its place would be one in a file that was never written.
      const { message, fix } = problem;
      throw new AcpError('usage', `This rule is not valid: ${message}`, fix === undefined ? {} : { fix });
    }
    const saved = savePolicy(paths, { name, text: edited, edited: digest }, cli.actor());
    const answer = await afterSave(cli, name, saved);
    return { ...answer, data: { ...(answer.data as object), rule } };
  },
};
