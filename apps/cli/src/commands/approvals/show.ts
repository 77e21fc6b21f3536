import { proxyNames } from '@mcp-acp/config/proxy-config';
import type { CommandSpec } from '../../command-spec.ts';
import { withApprovals } from '../../live/approvals.ts';
import { questionLines } from './card-lines.ts';
import { findQuestion, readCard } from './find-question.ts';
import { columnsOf } from './terminal-cells.ts';

export const approvalArgument = {
  name: 'id',
  description: 'the question, or the beginning of its id',
  required: true,
} as const;

export const approvalsShow: CommandSpec = {
  path: ['approvals', 'show'],
  summary: 'show a question whole: all arguments, and what differs from the last approved call',
  arguments: [approvalArgument],
  examples: ['mcp-acp approvals show appr_k3vq', 'mcp-acp approvals show k3vq --json'],
  run(cli, input) {
    const paths = cli.paths();
    return withApprovals(paths, proxyNames(paths), async (access) => {
      const { question, at } = await findQuestion(access, input.argument(0) ?? '');
      const card = await readCard(at, question.approval);
      return {
        data: card,
        text: questionLines(card, { style: cli.style, columns: columnsOf(process.stdout) }),
      };
    });
  },
};
