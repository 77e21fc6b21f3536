import type { AnswerDesk } from '@mcp-acp/shared/live/answer-desk';
import type { Decided, Proceed } from '../stages/stage-results.ts';

/** Where calls wait for a person, and where a person answers. All of it lives in the memory of one instance. */
export interface ApprovalDesk extends AnswerDesk {
  /** Asks a person, unless a grant speaks for the call. Proceeds at once where that is known at once. */
  ask(decided: Decided, conclude: Proceed): void;
  /** Questions that can be answered. */
  pending(): number;
  /** Decides all that is pending, and all grants, under the policy as it is now. */
  policyChanged(): void;
  /** The session is over, and all that waits with it. */
  close(): void;
}
