import type { ApprovalChannel, PendingApproval } from '@mcp-acp/shared/live/approval';

/** Who can be asked, and how to get somebody's attention. */
export interface Person {
  /** Somebody looks on who can answer by one of these ways, or by any. */
  isWatching(via?: readonly ApprovalChannel[]): boolean;
  /**
   * Tells somebody that a question waits. False, at once or later, where that reached nobody. Rejects never.
   */
  summon(question: PendingApproval): boolean | Promise<boolean>;
  /** The question is over, or its call waits no more: whatever was raised for it can go. */
  dismiss(approval: string): void;
}

/** For a proxy without any way to a person. */
export const nobody: Person = { isWatching: () => false, summon: () => false, dismiss: () => undefined };
