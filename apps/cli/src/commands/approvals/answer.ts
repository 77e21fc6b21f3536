import { isWhole } from '@mcp-acp/admin/approval-facts';
import { proxyNames } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import type { ApprovalCard, GrantReach } from '@mcp-acp/shared/live/approval';
import type { Cli } from '../../cli.ts';
import type { Answer, CommandSpec, Input } from '../../command-spec.ts';
import { type Asked, withApprovals } from '../../live/approvals.ts';
import { createStyle, wantsColour } from '../../output/style.ts';
import { answeredText, reachText } from './answer-text.ts';
import { questionLines } from './card-lines.ts';
import { confirmTyped, needPerson, promptRows, wordOf } from './confirm-typed.ts';
import { denyAll } from './deny-all.ts';
import { findQuestion, readCard } from './find-question.ts';
import { reachOf } from './reach.ts';
import { approvalArgument } from './show.ts';
import { columnsOf } from './terminal-cells.ts';

const typing =
  'It shows the question and needs a terminal: the answer is typed there, and no flag stands in for that.';

export const approvalsApprove: CommandSpec = {
  path: ['approvals', 'approve'],
  summary: 'let a call that waits go through',
  details: `${typing} Without --grant the yes is good for this call only.`,
  arguments: [approvalArgument],
  options: [
    {
      flags: '--grant <scope>',
      description: 'let it reach further, as far as the rule allows',
      choices: ['exact', 'path', 'tool'],
    },
    { flags: '--path <path>', description: 'of --grant path: which one' },
    { flags: '--for <time>', description: 'how long: 5m, 1h' },
    { flags: '--uses <count>', description: 'how many calls' },
  ],
  examples: [
    'mcp-acp approvals approve appr_k3vq',
    'mcp-acp approvals approve k3vq --grant tool --for 5m --uses 10',
  ],
  run(cli, input) {
    needPerson();
    const paths = cli.paths();
    return withApprovals(paths, proxyNames(paths), async (access) => {
      const asked = await findQuestion(access, input.argument(0) ?? '');
      const reach = reachOf(asked.question, input);
      const { card, rows } = await present(cli, asked, { withOffers: true });
      if (!isWhole(card)) {
        throw new AcpError('usage', 'A call that cannot be shown whole cannot be approved.', {
          fix: `Deny it: mcp-acp approvals deny ${card.approval}`,
        });
      }
      const word = reach === undefined ? 'yes' : wordOf(card.tool);
      const toDo =
        reach === undefined ? 'approve this call' : `approve it and grant ${reachText(card, reach)}`;
      if (!(await confirmTyped(word, withWayBack({ word, toDo, rows })))) return notAnswered(card.approval);
      return give(asked, card, { answer: 'approve', ...(reach === undefined ? {} : { reach }) });
    });
  },
};

export const approvalsDeny: CommandSpec = {
  path: ['approvals', 'deny'],
  summary: 'refuse a call that waits, or all of them',
  details: typing,
  arguments: [{ name: approvalArgument.name, description: approvalArgument.description }],
  options: [
    { flags: '--reason <text>', description: 'told to the agent, and recorded' },
    { flags: '--all', description: 'all that wait now' },
    { flags: '--proxy <name>', description: 'of --all: only of this proxy' },
    { flags: '--tool <name>', description: 'of --all: only of this tool' },
  ],
  examples: [
    'mcp-acp approvals deny appr_k3vq --reason "not on a Friday"',
    'mcp-acp approvals deny --all --proxy files',
  ],
  run(cli, input) {
    const id = input.argument(0);
    const isAll = input.flag('all');
    if (isAll === (id !== undefined)) throw new AcpError('usage', 'Name one question, or all: --all');
    if (!isAll && (input.option('proxy') ?? input.option('tool')) !== undefined) {
      throw new AcpError('usage', '--proxy and --tool go with --all.');
    }
    const reason = reasonOf(input);
    needPerson();
    if (id === undefined) return denyAll(cli, { ...filterOf(input), ...reason });
    const paths = cli.paths();
    return withApprovals(paths, proxyNames(paths), async (access) => {
      const asked = await findQuestion(access, id);
      const { card, rows } = await present(cli, asked, { withOffers: false });
      const deny = { word: 'yes', toDo: 'deny this call' };
      if (!(await confirmTyped(deny.word, withWayBack({ ...deny, rows })))) return notAnswered(card.approval);
      return give(asked, card, { answer: 'deny', ...reason });
    });
  },
};

/** Shows the question on stderr, as stdout holds what came of it. `rows`: of the terminal, that it takes. */
async function present(
  cli: Cli,
  { question, at }: Asked,
  { withOffers }: { readonly withOffers: boolean },
): Promise<{ readonly card: ApprovalCard; readonly rows: number }> {
  const card = await readCard(at, question.approval);
  const style = createStyle(wantsColour(cli.env, process.stderr));
  const lines = [...questionLines(card, { style, columns: columnsOf(process.stderr), withOffers }), ''];
  cli.printer.note(lines);
  return { card, rows: lines.length };
}

/** Says so where what is about to be answered began further above than the screen reaches. */
function withWayBack({
  word,
  toDo,
  rows,
}: {
  readonly word: string;
  readonly toDo: string;
  readonly rows: number;
}): string {
  return rows + promptRows(word, toDo).length <= (process.stderr.rows || 24)
    ? toDo
    : `${toDo} (it begins ${rows} lines above: scroll back and read all of it)`;
}

async function give(
  { at }: Asked,
  { approval, digest }: ApprovalCard,
  answer: { readonly answer: 'approve' | 'deny'; readonly reach?: GrantReach; readonly reason?: string },
): Promise<Answer> {
  const answered = await at.api.proxy.answer.mutate({ ...at.target, approval, digest, ...answer });
  return { data: answered, text: answeredText(answered) };
}

const notAnswered = (approval: string): Answer => ({
  data: { approval, answered: false },
  text: ['Nothing was answered.'],
  exit: 1,
});

function reasonOf(input: Input): { readonly reason?: string } {
  const reason = input.option('reason');
  if (reason === undefined) return {};
  if (reason.trim() === '' || reason.length > 512) {
    throw new AcpError('usage', 'A reason has 1 to 512 characters.');
  }
  return { reason };
}

function filterOf(input: Input): { readonly proxy?: string; readonly tool?: string } {
  const [proxy, tool] = [input.option('proxy'), input.option('tool')];
  return { ...(proxy === undefined ? {} : { proxy }), ...(tool === undefined ? {} : { tool }) };
}
