import { askedFor } from '@mcp-acp/admin/approval-facts';
import { chooseProxies } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import type { Answer } from '../../command-spec.ts';
import { type Asked, type Reached, withApprovals } from '../../live/approvals.ts';
import { table } from '../../output/table.ts';
import { confirmTyped } from './confirm-typed.ts';
import { columnsOf, inRows } from './terminal-cells.ts';

export interface DenyAllOptions {
  readonly proxy?: string;
  readonly tool?: string;
  readonly reason?: string;
}

/** Denies what waits now, after showing it; what comes meanwhile is not among it. */
export function denyAll(cli: Cli, { proxy, tool, reason }: DenyAllOptions): Promise<Answer> {
  const paths = cli.paths();
  return withApprovals(paths, chooseProxies(paths, proxy), async (access) => {
    const meant = (await access.pending()).filter(
      ({ question }) => tool === undefined || question.tool === tool,
    );
    if (meant.length === 0) return { data: { denied: 0 }, text: ['Nothing of that waits.'] };
    const lines = table(meant.map(row)).flatMap((line) => inRows(line, columnsOf(process.stderr)));
    cli.printer.note([...lines, '']);
    const what = `${meant.length} ${meant.length === 1 ? 'call' : 'calls'}`;
    if (!(await confirmTyped(`deny ${meant.length}`, `deny ${what}`))) {
      return { data: { denied: 0 }, text: ['Nothing was answered.'], exit: 1 };
    }
    let denied = 0;
    for (const [{ api, target }, approvals] of byInstance(meant)) {
      const answer = await api.proxy.denyAll.mutate({
        ...target,
        approvals: [...approvals],
        ...(reason === undefined ? {} : { reason }),
      });
      denied += answer.denied;
    }
    const late = meant.length - denied;
    return {
      data: { denied, late },
      text: [`Denied ${denied}.`, ...(late > 0 ? [`${late} had ended before.`] : [])],
    };
  });
}

const row = ({ question }: Asked): readonly string[] => [
  question.approval,
  question.proxy.name,
  askedFor(question, 60),
];

function byInstance(asked: readonly Asked[]): ReadonlyMap<Reached, readonly string[]> {
  const found = new Map<Reached, string[]>();
  for (const { question, at } of asked) found.set(at, [...(found.get(at) ?? []), question.approval]);
  return found;
}
