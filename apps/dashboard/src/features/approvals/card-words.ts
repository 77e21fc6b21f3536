import type { ApprovalChannel, PendingApproval } from '@mcp-acp/shared/live/approval';

const wayWords: Readonly<Record<ApprovalChannel, string>> = {
  dashboard: 'the dashboard',
  cli: 'the terminal',
  dialog: 'the system dialog',
};

/** Whether a yes from a page counts; a no always does. */
export const mayApproveHere = ({ via }: Pick<PendingApproval, 'via'>): boolean =>
  via === undefined || via.includes('dashboard');

export const viaWords = (via: readonly ApprovalChannel[]): string =>
  via.map((way) => wayWords[way]).join(' or ');

/** What the effects on the world come to, as far as somebody has to know them before saying yes. */
export const isGrave = (effect: string): boolean => effect === 'destructive' || effect === 'process';

/** Who asks, where it is not the agent. */
export const askerWords = ({ from, method }: Pick<PendingApproval, 'from' | 'method'>): string | undefined =>
  from === 'server' ? `The server asks this of the client (${method}).` : undefined;
