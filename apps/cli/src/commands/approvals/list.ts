import { askedFor, destinationText } from '@mcp-acp/admin/approval-facts';
import { shownText } from '@mcp-acp/admin/shown-text';
import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxies } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { type Unheard, withApprovals } from '../../live/approvals.ts';
import { table } from '../../output/table.ts';
import { leftText } from './card-lines.ts';
import { columnsOf, inRows } from './terminal-cells.ts';

export const approvalsList: CommandSpec = {
  path: ['approvals', 'list'],
  summary: 'list what waits for your answer, newest first',
  options: [{ ...proxyOption, description: 'only this one' }],
  examples: ['mcp-acp approvals list', 'mcp-acp approvals list --proxy files --json'],
  run(cli, input) {
    const paths = cli.paths();
    const names = chooseProxies(paths, input.option('proxy'));
    return withApprovals(paths, names, async (access) => {
      const pending = (await access.pending()).map(({ question }) => question).sort(newestFirst);
      return {
        data: { source: access.source, pending, unheard: access.unheard },
        text:
          pending.length === 0
            ? []
            : table([['ID', 'PROXY', 'CALL', 'CLIENT', 'WAITS', 'WHERE'], ...pending.map(row)]).flatMap(
                (line) => inRows(line, columnsOf(process.stdout)),
              ),
        notes: [
          ...(pending.length === 0 ? ['Nothing waits for you.'] : ['Answer: mcp-acp approvals watch']),
          ...unheardLines(access.unheard),
        ],
        exit: access.unheard.length > 0 ? 1 : 0,
      };
    });
  },
};

export const newestFirst = (one: PendingApproval, other: PendingApproval): number =>
  Date.parse(other.askedAt) - Date.parse(one.askedAt) || (one.approval < other.approval ? -1 : 1);

const row = (question: PendingApproval): readonly string[] => {
  const [first] = question.destinations;
  const more = question.destinationCount - 1;
  return [
    question.approval,
    question.proxy.name,
    askedFor(question, 40),
    shownText(question.client ?? '-', 30),
    leftText(question),
    first === undefined
      ? '-'
      : `${visible(destinationText(first), 80)}${more > 0 ? ` and ${more} more` : ''}`,
  ];
};

export const unheardLines = (unheard: readonly Unheard[]): readonly string[] =>
  unheard.map(
    ({ proxy, instance, problem }) => `${proxy}/${instance} did not answer: ${visible(problem, 300)}`,
  );
