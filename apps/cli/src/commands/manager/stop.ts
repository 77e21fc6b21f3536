import { stopManager } from '@mcp-acp/admin/manager-stop';
import type { CommandSpec } from '../../command-spec.ts';

export const managerStop: CommandSpec = {
  path: ['manager', 'stop'],
  summary: 'end the manager; proxies go on deciding and recording without it',
  examples: ['mcp-acp manager stop'],
  async run(cli) {
    const stopped = await stopManager(cli.paths());
    return {
      data: { stopped: stopped.state !== 'absent', ...stopped },
      text: [
        stopped.state === 'absent'
          ? 'The manager does not run.'
          : stopped.state === 'ended'
            ? `The manager (pid ${stopped.pid}) has ended.`
            : `The manager (pid ${stopped.pid}) did not end and was killed.`,
      ],
    };
  },
};
