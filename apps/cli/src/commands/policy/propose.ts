import { callOfRecord, effectForRecord } from '@mcp-acp/admin/call-for-rule';
import { type ProposeStep, proposeRules, type RuleProposal } from '@mcp-acp/admin/propose-rules';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { namedRecord } from '../logs/named-record.ts';
import { daysOption, pastOf, toItsResult } from './over-the-past.ts';

export const policyPropose: CommandSpec = {
  path: ['policy', 'propose'],
  summary: 'make rules of a call on record, from narrow to wide',
  details:
    'Each says how many past calls it would have matched, and how many of those a person or the policy had denied. Nothing is saved.',
  arguments: [{ name: 'record', description: 'as logs list names it: abcdef:12', required: true }],
  options: [
    proxyOption,
    daysOption,
    {
      flags: '--effect <effect>',
      description: 'what the rule does with the call (default: deny where a person denied it, else allow)',
      choices: ['allow', 'deny'],
    },
  ],
  examples: [
    'mcp-acp policy propose abcdef:12 --proxy files',
    'mcp-acp policy propose abcdef:12 --effect deny',
  ],
  async run(cli, input) {
    const proxy = chooseProxy(cli.paths(), input.option('proxy'));
    const named = await namedRecord(cli.paths(), proxy, input.argument(0) ?? '');
    const wanted = input.option('effect');
    const effect = wanted === 'allow' || wanted === 'deny' ? wanted : effectForRecord(named.record);
    const task = { ...pastOf(cli, proxy, input), call: callOfRecord(named), effect };
    const { result } = await toItsResult<ProposeStep>(cli, proposeRules(task, new AbortController().signal));
    if (result.type !== 'result') throw new Error('proposing ends with its result');
    const { proposals, days } = result;
    return {
      data: { proxy, days, proposals },
      text:
        proposals.length === 0
          ? ['No rule speaks of this: it names what belongs to mcp-acp itself, which is denied always.']
          : proposals.flatMap((proposal, index) => [...(index === 0 ? [] : ['']), ...lines(cli, proposal)]),
    };
  },
};

function lines({ style }: Cli, proposal: RuleProposal): readonly string[] {
  const { summary, yaml, changes, matched, personDenied, policyDenied, unknown } = proposal;
  const more = changes.slice(1).map((change) => (change.kind === 'replace' ? change.id : ''));
  return [
    style.bold(summary),
    ...yaml
      .trimEnd()
      .split('\n')
      .map((line) => `  ${visible(line, 2_000)}`),
    `  matched ${matched} past calls; of those a person denied ${personDenied}, the policy ${policyDenied}; unknown ${unknown}`,
    ...(more.length === 0 ? [] : [`  needs the same conditions under "not" in: ${more.join(', ')}`]),
  ];
}
