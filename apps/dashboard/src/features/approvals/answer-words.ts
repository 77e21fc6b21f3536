import type { Answered, ApprovalChannel, EndedApproval } from '@mcp-acp/shared/live/approval';
import { endWords } from '@mcp-acp/shared/live/end-words';

const byWay: Readonly<Record<ApprovalChannel, string>> = {
  dashboard: 'in the dashboard',
  cli: 'from the terminal',
  dialog: 'in the system dialog',
};

type End = Pick<EndedApproval, 'end' | 'channel' | 'reason'>;

/** What is said to who comes too late. */
export function tooLateWords({ end, channel }: End): string {
  if (end !== 'approved' && end !== 'denied') return `Too late: ${endWords[end]}.`;
  return `Answered already${channel === undefined ? '' : ` ${byWay[channel]}`}: ${end}.`;
}

export interface Outcome {
  readonly level: 'success' | 'info' | 'warning';
  readonly text: string;
}

/** What became of the call, told to who answered. `what` is the tool, as it may be shown. */
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
      return { level: 'success', text: `${what}: denied. The agent was told.` };
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
