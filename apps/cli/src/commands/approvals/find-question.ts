import { AcpError } from '@mcp-acp/shared/errors';
import type { ApprovalCard } from '@mcp-acp/shared/live/approval';
import { visible } from '@mcp-acp/shared/visible';
import type { ApprovalsAccess, Asked, Reached } from '../../live/approvals.ts';
import { endText } from './answer-text.ts';

/**
 * The question whose id is, or begins with, what was typed; `appr_` may be left out. Throws AcpError: 'approval_over' with
 * how it ended, 'not_found', 'usage' where several begin so.
 */
export async function findQuestion(access: ApprovalsAccess, typed: string): Promise<Asked> {
  const named = await questionOf(access, typed);
  if (named !== undefined) return named;
  const meant = (id: string): boolean =>
    typed !== '' && (id.startsWith(typed) || id.slice(5).startsWith(typed));
  const [first, ...others] = (await access.pending()).filter(({ question }) => meant(question.approval));
  if (others.length > 0) {
    throw new AcpError('usage', `${others.length + 1} questions begin with "${visible(typed, 64)}".`, {
      fix: 'Type more of the id. See: mcp-acp approvals list',
    });
  }
  if (first !== undefined) return first;
  const over = (await access.ended()).find(({ approval }) => meant(approval));
  if (over !== undefined)
    throw new AcpError('approval_over', `Too late. ${over.approval}: ${endText(over)}.`);
  throw new AcpError('not_found', `No question that waits begins with "${visible(typed, 64)}".`, {
    fix: 'See: mcp-acp approvals list',
  });
}

const wholeId = /^appr_[a-z2-7]{16}$/;

/** Of a whole id, without the lists of all that waits, which may be long. */
async function questionOf({ reached }: ApprovalsAccess, typed: string): Promise<Asked | undefined> {
  const approval = typed.startsWith('appr_') ? typed : `appr_${typed}`;
  if (!wholeId.test(approval)) return undefined;
  const answers = await Promise.allSettled(
    reached.map(async (at) => ({
      question: await at.api.proxy.approval.query({ ...at.target, approval }),
      at,
    })),
  );
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))[0];
}

/** A question with all of its arguments, however long. Throws AcpError('not_found') where it is over. */
export async function readCard(
  { api, target }: Reached,
  approval: string,
  most = Infinity,
): Promise<ApprovalCard> {
  const card = await api.proxy.approval.query({ ...target, approval });
  let text = card.arguments;
  while (text.length < card.argumentsLength && text.length < most) {
    const { text: more } = await api.proxy.approvalArguments.query({
      ...target,
      approval,
      offset: text.length,
    });
    if (more === '') break;
    text += more;
  }
  return { ...card, arguments: text };
}
