/** What the pages that edit a policy promise: texts by id. */

export const policyPages = {
  'RULE-FORM':
    'The form of a rule takes every field of the policy language and gives back a rule that means the same.',
  'POLICY-EDITOR':
    'The editor of a policy offers the keys and values that may stand at a place, and shows each problem there.',
  'POLICY-DRAFT':
    'The draft of a policy outlives other pages; where the file changed meanwhile, it is applied to what is there now.',
} as const;
