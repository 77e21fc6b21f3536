/** How a question can end. */
export const endOfApproval = [
  'approved',
  'denied',
  /** Nobody answered while the question was open. */
  'expired',
  /** Whoever asked took the call back, or is gone. */
  'withdrawn',
  /** The policy changed and now says so by itself. */
  'policy_allowed',
  'policy_denied',
  /** The policy or the tool's definition changed so that it is another question now. */
  'superseded',
  /** Another question that is open asks the same. */
  'joined',
] as const;
export type EndOfApproval = (typeof endOfApproval)[number];

/** Whether an event of a question, as its records name it, is one of those it ends with. */
export const isEndOfApproval = (event: string | undefined): boolean =>
  (endOfApproval as readonly (string | undefined)[]).includes(event);

/** How a question ended, in words that go after a colon. */
export const endWords: Readonly<Record<EndOfApproval, string>> = {
  approved: 'it was approved already',
  denied: 'it was denied already',
  expired: 'nobody answered in time',
  withdrawn: 'whoever asked took the call back, or is gone',
  policy_allowed: 'the policy allows it now',
  policy_denied: 'the policy denies it now',
  superseded: 'the policy or the tool has changed, so it is another question now',
  joined: 'another open question asks the same',
};
