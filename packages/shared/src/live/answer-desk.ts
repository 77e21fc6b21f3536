import type {
  Answered,
  ApprovalAnswer,
  ApprovalCard,
  ApprovalChannel,
  ApprovalList,
  Grant,
} from './approval.ts';

/** Where a person answers what waits in one instance. Throws AcpError('not_found') for an id it does not know. */
export interface AnswerDesk {
  list(): ApprovalList;
  card(approval: string): ApprovalCard;
  /** JSON text of the arguments from `offset` on, at most a page of it. UTF-16 units. */
  arguments(approval: string, offset: number): string;
  /**
   * Throws AcpError: 'approval_changed' where the digest is another, 'channel_refused', 'reach_refused'. That another
   * answer was first is none of these but a result.
   */
  answer(answer: ApprovalAnswer, channel: ApprovalChannel): Answered;
  /** Denies those of them that are still pending. Returns how many it were. */
  denyAll(approvals: readonly string[], channel: ApprovalChannel, reason?: string): number;
  grants(): readonly Grant[];
  /** Ends a grant or a mute. False where there is none of that id any more. */
  revoke(grant: string, channel: ApprovalChannel): boolean;
  /**
   * Refuses what would be asked about this tool, without asking, and what is asked already. Milliseconds. Throws
   * AcpError('reach_refused') where there are too many grants.
   */
  mute(
    mute: { readonly tool: string; readonly forMs: number; readonly reason?: string | undefined },
    channel: ApprovalChannel,
  ): Grant;
}
