import type {
  Answered,
  ApprovalChannel,
  EndedApproval,
  PendingApproval,
} from '@mcp-acp/shared/live/approval';
import { endWords } from '@mcp-acp/shared/live/approval-end';

const byWay: Readonly<Record<ApprovalChannel, string>> = {
  dashboard: 'in the dashboard',
  cli: 'from the terminal',
  dialog: 'in the system dialog',
};

type End = Pick<EndedApproval, 'end' | 'channel' | 'reason'>;

const answeredAlready = ({ end, channel }: End): string =>
  `Answered already${channel === undefined ? '' : ` ${byWay[channel]}`}: ${end}.`;

/** What is said to who answers too late. */
export const tooLateWords = (ended: End): string =>
  ended.end === 'approved' || ended.end === 'denied'
    ? answeredAlready(ended)
    : `Too late: ${endWords[ended.end]}.`;

/**
 * What is said to who only looked at a question that is over. Nothing where it goes on as another question, which is shown
 * in its place.
 */
export function endedWords(ended: End, state: PendingApproval['state']): string | undefined {
  const isHeld = state === 'held';
  switch (ended.end) {
    case 'approved':
    case 'denied':
      return answeredAlready(ended);
    case 'expired':
    case 'withdrawn':
      return `${endWords[ended.end]}.`;
    case 'policy_allowed':
      return `the policy allows it now; ${isHeld ? 'the call went on' : 'its next attempt goes through'}.`;
    case 'policy_denied':
      return `the policy denies it now; ${isHeld ? 'the call was refused' : 'its next attempt is refused'}.`;
    case 'superseded':
    case 'joined':
      return undefined;
  }
}

export interface Outcome {
  readonly level: 'success' | 'info' | 'warning';
  readonly text: string;
}

/** What became of the call, told to who answered. `what` is the call's name, as it may be shown. */
export function answeredWords({ result, ended, grant }: Answered, what: string): Outcome {
  switch (result) {
    case 'released':
      return {
        level: 'success',
        text:
          grant === undefined || grant.scope === 'call'
            ? `${what}: approved once. The call goes on.`
            : `${what}: approved and granted. The call goes on.`,
      };
    case 'refused':
      return refusedWords(ended, what);
    case 'next_attempt':
      return {
        level: 'info',
        text: `${what}: approved. The agent had been told to try again; its next attempt goes through.`,
      };
    case 'asked_again':
      return {
        level: 'warning',
        text: `${what}: the policy or the tool changed meanwhile. You are asked again.`,
      };
    case 'too_late':
      return { level: 'warning', text: `${what}: ${tooLateWords(ended)}` };
  }
}

/** A yes may be followed by a refusal, which is not the no of whoever said yes. */
function refusedWords({ end }: End, what: string): Outcome {
  if (end === 'approved') {
    return {
      level: 'warning',
      text: `${what}: approved, but it could not be sent: nothing was run. The agent was told.`,
    };
  }
  if (end === 'policy_denied') {
    return { level: 'warning', text: `${what}: not sent. The policy denies it now. The agent was told.` };
  }
  return { level: 'success', text: `${what}: denied. The agent was told.` };
}
