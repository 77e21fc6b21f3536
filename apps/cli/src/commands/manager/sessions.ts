import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import type { CommandSpec } from '../../command-spec.ts';
import { askManager } from '../../live/ask-programs.ts';
import { table } from '../../output/table.ts';

export const managerSessions: CommandSpec = {
  path: ['manager', 'sessions'],
  summary: 'list the browser sessions that may use the dashboard, or end one',
  options: [{ flags: '--revoke <id>', description: 'end this session; "all" ends every one' }],
  examples: ['mcp-acp manager sessions', 'mcp-acp manager sessions --revoke all'],
  async run(cli, input) {
    const revoke = input.option('revoke');
    if (revoke !== undefined) {
      const revoked = await askManager(cli.paths(), async (api) => {
        const ids =
          revoke === 'all' ? (await api.access.sessions.query()).map((session) => session.id) : [revoke];
        const answers = await Promise.all(ids.map((id) => api.access.revoke.mutate({ id })));
        return ids.filter((_, index) => answers[index]?.revoked);
      });
      if (revoked.length === 0 && revoke !== 'all') {
        throw new AcpError('not_found', `There is no session ${visible(revoke, 64)}.`, {
          fix: 'See: mcp-acp manager sessions',
        });
      }
      return {
        data: { revoked },
        text: [`Ended ${revoked.length === 1 ? revoked[0] : `${revoked.length} sessions`}.`],
      };
    }
    const sessions = await askManager(cli.paths(), (api) => api.access.sessions.query());
    return {
      data: { sessions },
      text:
        sessions.length === 0
          ? []
          : table([
              ['SESSION', 'SINCE', 'LAST SEEN', 'BROWSER'],
              ...sessions.map(({ id, createdAt, lastSeenAt, userAgent }) => [
                id,
                createdAt,
                lastSeenAt,
                visible(userAgent ?? '-', 80),
              ]),
            ]),
      notes: sessions.length === 0 ? ['No browser is unlocked. Unlock one: mcp-acp manager open'] : [],
    };
  },
};
