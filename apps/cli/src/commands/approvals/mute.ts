import { timeText } from '@mcp-acp/admin/approval-facts';
import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { withApprovals } from '../../live/approvals.ts';
import { confirmTyped, needPerson } from './confirm-typed.ts';
import { lengthOfTime } from './length-of-time.ts';

const standard = '15m';

export const approvalsMute: CommandSpec = {
  path: ['approvals', 'mute'],
  summary: 'refuse for a while what would be asked about a tool, and what is asked already',
  details:
    'It needs a terminal, as it answers what waits. The policy stays as it is, and what it allows goes on; revoke ends it early.',
  arguments: [{ name: 'tool', description: 'its name', required: true }],
  options: [
    proxyOption,
    { flags: '--for <time>', description: `how long, at most a day (default ${standard})` },
    { flags: '--reason <text>', description: 'told to the agent, and recorded' },
  ],
  examples: ['mcp-acp approvals mute write_file --proxy files --for 15m'],
  run(cli, input) {
    const paths = cli.paths();
    const proxy = chooseProxy(paths, input.option('proxy'));
    const tool = input.argument(0) ?? '';
    const forMs = lengthOfTime(input.option('for') ?? standard);
    const reason = input.option('reason');
    if (tool === '') throw new AcpError('usage', 'Name a tool.');
    if (forMs > 86_400_000)
      throw new AcpError('usage', 'A mute lasts a day at most; for longer, write a rule.');
    needPerson();
    return withApprovals(paths, [proxy], async (access) => {
      if (access.reached.length === 0) {
        throw new AcpError('proxy_disconnected', `The proxy "${proxy}" does not run.`, {
          fix: 'A mute lives in a running proxy.',
        });
      }
      const what = `refuse for ${timeText(forMs)} what would be asked about ${visible(tool, 120)} of ${proxy}`;
      if (!(await confirmTyped('yes', what))) {
        return { data: { muted: [] }, text: ['Nothing was changed.'], exit: 1 };
      }
      const muted = await Promise.all(
        access.reached.map(({ api, target }) =>
          api.proxy.mute.mutate({ ...target, tool, forMs, ...(reason === undefined ? {} : { reason }) }),
        ),
      );
      return {
        data: { muted },
        text: muted.map(
          ({ grant }) =>
            `Muted: what the policy allows goes on. End it early: mcp-acp approvals revoke ${grant}`,
        ),
      };
    });
  },
};
