import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import type { CommandSpec } from '../../command-spec.ts';
import { askManager } from '../../live/ask-programs.ts';
import { table } from '../../output/table.ts';

const scopes = ['metrics'] as const;

export const managerTokenCreate: CommandSpec = {
  path: ['manager', 'token', 'create'],
  summary: 'make a token for a program that reads the metrics',
  details:
    'It is shown once; only its digest is kept. A scraper sends it as "Authorization: Bearer TOKEN" to /metrics.',
  options: [
    { flags: '--scope <scope>', description: 'what it is good for', choices: scopes },
    { flags: '--name <name>', description: 'what you will know it by' },
  ],
  examples: ['mcp-acp manager token create --scope metrics --name prometheus'],
  async run(cli, input) {
    const scope = scopes.find((known) => known === input.option('scope'));
    if (scope === undefined) {
      throw new AcpError('usage', 'Say what the token is good for.', { fix: `--scope ${scopes.join('|')}` });
    }
    const name = input.option('name');
    if (name !== undefined && name.length > 64)
      throw new AcpError('usage', 'A name has at most 64 characters.');
    const made = await askManager(cli.paths(), (api) =>
      api.access.createToken.mutate({ scope, ...(name === undefined ? {} : { name }) }),
    );
    return {
      data: { ...made, scope, ...(name === undefined ? {} : { name }) },
      text: [made.token],
      notes: [
        `This is token ${made.id}, shown this once. Take it back: mcp-acp manager token revoke ${made.id}`,
      ],
    };
  },
};

export const managerTokenList: CommandSpec = {
  path: ['manager', 'token', 'list'],
  summary: 'list the tokens, without themselves',
  examples: ['mcp-acp manager token list'],
  async run(cli) {
    const tokens = await askManager(cli.paths(), (api) => api.access.tokens.query());
    return {
      data: { tokens },
      text:
        tokens.length === 0
          ? []
          : table([
              ['TOKEN', 'SCOPE', 'SINCE', 'NAME'],
              ...tokens.map(({ id, scope, createdAt, name }) => [
                id,
                scope,
                createdAt,
                visible(name ?? '-', 64),
              ]),
            ]),
      notes:
        tokens.length === 0 ? ['There is none. Make one: mcp-acp manager token create --scope metrics'] : [],
    };
  },
};

export const managerTokenRevoke: CommandSpec = {
  path: ['manager', 'token', 'revoke'],
  summary: 'take a token back',
  arguments: [{ name: 'id', description: 'as manager token list shows it', required: true }],
  examples: ['mcp-acp manager token revoke tok_abcdefgh'],
  async run(cli, input) {
    const id = input.argument(0) ?? '';
    const { revoked } = await askManager(cli.paths(), (api) => api.access.revokeToken.mutate({ id }));
    if (!revoked) {
      throw new AcpError('not_found', `There is no token ${visible(id, 64)}.`, {
        fix: 'See: mcp-acp manager token list',
      });
    }
    return { data: { id, revoked }, text: [`Took ${id} back.`] };
  },
};
