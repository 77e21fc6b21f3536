export const policyWork = {
  'REPLAY-CHANGES':
    'A policy that is not saved is run over the recorded calls: which decisions and how many questions would be others.',
  'REPLAY-AS-LIVE': 'A recorded call is decided again as it was decided live.',
  'REPLAY-UNKNOWN':
    'A call of which not enough is kept is unknown, never allowed, unless the answer is the same whatever it was.',
  'REPLAY-APART': 'The manager answers while it replays, and a replay ends when nobody waits for it.',
  'PROPOSE-RULES':
    'Of a call, two or three rules are made from narrow to wide, each counted over the past, none that opens what is protected.',
  'POLICY-COMMENTS-KEPT': 'A rule is added, replaced or removed with every comment and all the rest kept.',
  'POLICY-IMPORT': 'A policy.json of mcp-acp-nexus is taken over with nothing looser than it was.',
  'POLICY-PLAIN-WORDS': 'A rule is said in plain words, with every condition and none more.',
  'POLICY-SESSION-GRANT': 'A rule may let a grant last as long as the session.',
} as const;
