import type { Token, TokenScope } from '@mcp-acp/api/ports/access';
import type { Clock } from '@mcp-acp/shared/clock';
import { AcpError } from '@mcp-acp/shared/errors';
import { newName, type RandomBytes } from '@mcp-acp/shared/ids';
import type { StoredToken } from './access-file.ts';
import { boundedText } from './bounded-text.ts';
import { digestOf, isSame, newSecret } from './secrets.ts';

const mostTokens = 25;
const tokenPrefix = 'acp_m_';
const nameLength = 64;

export interface MetricTokens {
  /** Throws AcpError('bad_request') where there are as many as there may be. */
  create(scope: TokenScope, name?: string): { readonly id: string; readonly token: string };
  list(): readonly Token[];
  end(id: string): boolean;
  knows(token: string): boolean;
  stored(): readonly StoredToken[];
}

/** What scrapers show. */
export function createMetricTokens(
  stored: readonly StoredToken[],
  { clock, random }: { readonly clock: Clock; readonly random: RandomBytes },
): MetricTokens {
  const tokens = new Map<string, StoredToken>(stored.map((token) => [token.id, token]));
  return {
    create: (scope, name) => {
      if (tokens.size >= mostTokens) {
        throw new AcpError('bad_request', `There are ${mostTokens} tokens already.`, {
          fix: 'Revoke one: mcp-acp manager token revoke ID',
        });
      }
      const id = newName(random, 'tok_');
      const token = tokenPrefix + newSecret(random, 32);
      const entry = { id, scope, digest: digestOf(token), createdAt: clock.now() };
      tokens.set(id, name === undefined ? entry : { ...entry, name: boundedText(name, nameLength) });
      return { id, token };
    },
    list: () =>
      [...tokens.values()].map(({ id, scope, name, createdAt }) => ({
        id,
        scope,
        createdAt: new Date(createdAt).toISOString(),
        // An earlier version kept longer ones.
        ...(name === undefined ? {} : { name: boundedText(name, nameLength) }),
      })),
    end: (id) => tokens.delete(id),
    knows: (token) => {
      const digest = digestOf(token);
      return [...tokens.values()].filter((known) => isSame(known.digest, digest)).length > 0;
    },
    stored: () => [...tokens.values()],
  };
}
