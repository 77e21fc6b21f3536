import { AcpError } from '@mcp-acp/shared/errors';
import type { GrantOffer, GrantReach, PendingApproval } from '@mcp-acp/shared/live/approval';
import { visible } from '@mcp-acp/shared/visible';
import type { Input } from '../../command-spec.ts';
import { offerLines } from './answer-text.ts';
import { lengthOfTime } from './length-of-time.ts';

/**
 * How far an approval shall reach, as it was typed; undefined for this call only. Throws AcpError: 'usage' for what makes
 * no sense, 'reach_refused' for what the rule does not offer.
 */
export function reachOf(question: PendingApproval, input: Input): GrantReach | undefined {
  const scope = input.option('grant');
  const [path, time, uses] = ['path', 'for', 'uses'].map((name) => input.option(name));
  if (scope === undefined) {
    if (path ?? time ?? uses) throw new AcpError('usage', '--path, --for and --uses go with --grant.');
    return undefined;
  }
  const offers = question.offers.filter((offer) => offer.scope === scope);
  const offer = path === undefined ? onlyOf(offers) : (offers.find((one) => one.path === path) ?? offers[0]);
  if (offer === undefined) {
    const lines = offerLines(question);
    throw new AcpError(
      'reach_refused',
      `The rule does not let an approval reach that far (${visible(scope)}).`,
      {
        fix: lines.length === 0 ? 'A yes is good for this call only.' : `It may: ${lines.join('; ')}`,
      },
    );
  }
  const reached = path ?? offer.path;
  return {
    scope: offer.scope,
    ...(reached === undefined ? {} : { path: reached }),
    ...(time === undefined ? {} : { forMs: lengthOfTime(time) }),
    ...(uses === undefined ? {} : { uses: countOf(uses) }),
  };
}

function onlyOf(offers: readonly GrantOffer[]): GrantOffer | undefined {
  if (offers.length < 2) return offers[0];
  throw new AcpError('usage', 'There are several paths. Say which one: --path PATH', {
    fix: offers.map(({ path }) => visible(path ?? '', 500)).join(', '),
  });
}

function countOf(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new AcpError('usage', `"${text}" is not a number of uses.`);
  return Number(text);
}
