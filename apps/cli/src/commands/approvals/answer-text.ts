import { offerText, quotedCall, timeText } from '@mcp-acp/admin/approval-facts';
import { shownText } from '@mcp-acp/admin/shown-text';
import { AcpError } from '@mcp-acp/shared/errors';
import type {
  Answered,
  ApprovalCard,
  ApprovalChannel,
  EndedApproval,
  Grant,
  GrantReach,
  PendingApproval,
} from '@mcp-acp/shared/live/approval';
import { endWords } from '@mcp-acp/shared/live/approval-end';
import { visible } from '@mcp-acp/shared/visible';

const places: Readonly<Record<ApprovalChannel, string>> = {
  dashboard: 'in the dashboard',
  cli: 'on the command line',
  dialog: 'in a dialog',
};

/** How a question ended, and where. */
export const endWithPlace = (end: EndedApproval['end'], channel: ApprovalChannel | undefined): string =>
  channel === undefined ? endWords[end] : `${endWords[end]} ${places[channel]}`;

/** How a question ended, by whom and when. */
export function endText({ end, channel, reason, time }: EndedApproval): string {
  const why = reason === undefined ? '' : `, saying "${visible(reason, 200)}"`;
  return `${endWithPlace(end, channel)}${why} (${visible(time, 32)})`;
}

/** What came of an answer, in words. Throws AcpError: 'approval_over' for one that came to nothing, 'approval_changed'. */
export function answeredText({ result, ended, grant }: Answered): readonly string[] {
  const what = quotedCall(ended, 120);
  const reach =
    grant === undefined
      ? []
      : [`Granted: ${grantText(grant)}.`, `Take it back: mcp-acp approvals revoke ${grant.grant}`];
  switch (result) {
    case 'released':
      return [`Approved: ${what} goes on to the server.`, ...reach];
    case 'refused':
      if (ended.end === 'denied') return [`Denied: ${what} was refused.`];
      throw new AcpError('approval_over', notSent(ended.end, what), { fix: 'See why: mcp-acp logs list' });
    case 'next_attempt':
      return [`Approved: the next attempt of ${what} goes through, once.`, ...reach];
    case 'asked_again':
      throw new AcpError(
        'approval_changed',
        `The policy or the tool has changed, so ${what} is asked again.`,
        {
          fix: 'See: mcp-acp approvals list',
        },
      );
    case 'too_late':
      throw new AcpError('approval_over', `Too late: ${endText(ended)}.`);
  }
}

/** Of a yes that let nothing go. */
const notSent = (end: EndedApproval['end'], what: string): string =>
  end === 'approved'
    ? `You approved ${what}, but it could not be sent: nothing was run.`
    : `${what} was refused: ${endWords[end]}. Nothing was run.`;

const scopes = {
  call: 'the next attempt of one call',
  exact: 'the same arguments',
  path: 'a path',
  tool: 'the whole tool',
} as const;

const times = (count: number): string => (count === 1 ? '1 time' : `${count} times`);

/** How far a grant reaches and how long. */
export function grantText({
  scope,
  tool,
  prompt,
  method,
  path,
  folder,
  leftMs,
  mostUses,
  used,
  effect,
}: Grant): string {
  const what = shownText(tool ?? prompt ?? method, 120);
  const where =
    path === undefined ? scopes[scope] : `${folder === true ? 'folder' : 'path'} ${shownText(path, 500)}`;
  const left = leftMs === undefined ? 'as long as the session' : `${timeText(leftMs)} left`;
  const uses = mostUses === undefined ? `used ${times(used)}` : `used ${used} of ${times(mostUses)}`;
  return effect === 'deny'
    ? `${what} is muted, ${left}, refused ${times(used)}`
    : `${what}, ${where}, ${left}, ${uses}`;
}

/** What an approval of this question may reach besides its call, one line each. */
export const offerLines = ({ offers }: PendingApproval): readonly string[] =>
  offers.map((offer) => `--grant ${offer.scope}: ${offerText(offer)}`);

/** A reach that was chosen, in words. */
export function reachText(card: ApprovalCard, { scope, path, forMs, uses }: GrantReach): string {
  const offer = card.offers.find((one) => one.scope === scope && (path === undefined || one.path === path));
  const reach = {
    scope,
    ...(path === undefined ? {} : { path, folder: offer?.folder ?? false }),
    ...(forMs === undefined ? {} : { mostMs: forMs }),
    ...(uses === undefined ? {} : { mostUses: uses }),
  };
  return `${offerText({ ...offer, ...reach })} (${quotedCall(card)})`;
}
