import type { EndedApproval } from './approval.ts';

/** How a question ended, in words that go after a colon. */
export const endWords: Readonly<Record<EndedApproval['end'], string>> = {
  approved: 'it was approved already',
  denied: 'it was denied already',
  expired: 'nobody answered in time',
  withdrawn: 'whoever asked took the call back, or is gone',
  policy_allowed: 'the policy allows it now',
  policy_denied: 'the policy denies it now',
  superseded: 'the policy or the tool has changed, so it is another question now',
  joined: 'another open question asks the same',
};
