import { readPolicy } from '@mcp-acp/admin/policies';
import { type ReplayResult, replayPolicy } from '@mcp-acp/admin/replay/replay-policy';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { textFromFile } from '../../edit-in-editor.ts';
import { table } from '../../output/table.ts';
import { daysOption, pastOf, toItsResult } from './over-the-past.ts';

const shownChanges = 20;

export const policyReplay: CommandSpec = {
  path: ['policy', 'replay'],
  summary: 'decide the recorded calls anew, by a policy that is not saved yet',
  details:
    'Shows which decisions and how many questions would be others. A call whose arguments are not kept whole counts as unknown, never as allowed.',
  options: [
    proxyOption,
    { flags: '--file <file>', description: 'the policy, - for stdin; the saved one where it is left out' },
    daysOption,
  ],
  examples: ['mcp-acp policy replay --file draft.yaml', 'mcp-acp policy replay --days 7 --json'],
  async run(cli, input) {
    const proxy = chooseProxy(cli.paths(), input.option('proxy'));
    const given = input.option('file');
    const { file, text } =
      given === undefined ? readPolicy(cli.paths(), proxy) : { file: given, text: textFromFile(given) };
    // Checked here under its own name, so that a problem says where it is.
    parsePolicy(text, file);
    const task = { ...pastOf(cli, proxy, input), text };
    const { result, progressSteps } = await toItsResult(
      cli,
      replayPolicy(task, new AbortController().signal),
    );
    if (result.type !== 'result') throw new Error('a replay ends with its result');
    const { days } = task;
    return {
      data: { proxy, file, days, ...result.result, progressSteps },
      text: lines(cli, result.result, days),
    };
  },
};

function lines({ style }: Cli, result: ReplayResult, days: number): readonly string[] {
  const { calls, unknown, promptsBefore, promptsAfter, counts, changed, changedTotal } = result;
  const span = `${days} day${days === 1 ? '' : 's'}`;
  if (calls === 0) return [`No call of the last ${span} was decided by a policy.`];
  const moved = counts.filter(({ before, after }) => before !== after && after !== 'unknown');
  const shown = changed.filter(({ after }) => after !== 'unknown').slice(0, shownChanges);
  return [
    `${style.bold(String(calls))} calls of the last ${span}; ${changedTotal - unknown} decided otherwise, ${unknown} unknown`,
    `questions to a person: ${promptsBefore} then, ${promptsAfter} now`,
    ...table(moved.map(({ before, after, calls: count }) => ['', `${before} → ${after}`, String(count)])),
    ...(shown.length === 0
      ? []
      : ['', `The newest${shown.length < shownChanges ? '' : ` ${shownChanges}`}:`]),
    ...table(
      shown.map((call) => [
        '',
        call.time,
        `${call.before} → ${call.after}`,
        visible(call.tool ?? call.method, 64),
        call.decidedAfter === undefined ? '' : `by ${visible(call.decidedAfter, 64)}`,
      ]),
    ),
  ];
}
