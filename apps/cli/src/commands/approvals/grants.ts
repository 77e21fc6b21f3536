import { proxyNames } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxies } from '../../choose-proxy.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { withApprovals } from '../../live/approvals.ts';
import { table } from '../../output/table.ts';
import { grantText } from './answer-text.ts';
import { unheardLines } from './list.ts';
import { columnsOf, inRows } from './terminal-cells.ts';

export const approvalsGrants: CommandSpec = {
  path: ['approvals', 'grants'],
  summary: 'list what may pass without a question for a while, and what is muted',
  options: [{ ...proxyOption, description: 'only this one' }],
  examples: ['mcp-acp approvals grants', 'mcp-acp approvals grants --json'],
  run(cli, input) {
    const paths = cli.paths();
    return withApprovals(paths, chooseProxies(paths, input.option('proxy')), async (access) => {
      const grants = (await access.grants()).map(({ grant }) => grant);
      return {
        data: { source: access.source, grants, unheard: access.unheard },
        text:
          grants.length === 0
            ? []
            : table([
                ['ID', 'PROXY', 'REACH'],
                ...grants.map((grant) => [grant.grant, grant.proxy.name, grantText(grant)]),
              ]).flatMap((line) => inRows(line, columnsOf(process.stdout))),
        notes: [...(grants.length === 0 ? ['There are no grants.'] : []), ...unheardLines(access.unheard)],
        exit: access.unheard.length > 0 ? 1 : 0,
      };
    });
  },
};

export const approvalsRevoke: CommandSpec = {
  path: ['approvals', 'revoke'],
  summary: 'take back a grant, or end a mute',
  arguments: [{ name: 'id', description: 'the grant, or the beginning of its id', required: true }],
  examples: ['mcp-acp approvals revoke grnt_k3vq'],
  run(cli, input) {
    const typed = input.argument(0) ?? '';
    const paths = cli.paths();
    return withApprovals(paths, proxyNames(paths), async (access) => {
      const meant = (id: string): boolean =>
        typed !== '' && (id.startsWith(typed) || id.slice(5).startsWith(typed));
      const [found, ...others] = (await access.grants()).filter(({ grant }) => meant(grant.grant));
      if (found === undefined || others.length > 0) {
        const count = found === undefined ? 'No grant begins' : `${others.length + 1} grants begin`;
        throw new AcpError(
          found === undefined ? 'not_found' : 'usage',
          `${count} with "${visible(typed, 64)}".`,
          { fix: 'See: mcp-acp approvals grants' },
        );
      }
      const { api, target } = found.at;
      const { grant } = found.grant;
      const { revoked } = await api.proxy.revokeGrant.mutate({ ...target, grant });
      const text =
        found.grant.effect === 'deny' ? `The mute ${grant} has ended.` : `${grant} was taken back.`;
      return { data: { grant, revoked }, text: [revoked ? text : `${grant} was over already.`] };
    });
  },
};
