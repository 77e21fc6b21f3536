/** How calls wait for a person: texts by id. */
export const approving = {
  'ASK-HELD': 'A call that a rule asks about waits; approved it leaves as the bytes that came, once.',
  'ASK-DENIED':
    'A call that a person denies is refused with the reason they gave, and no deny is ever overridden.',
  'ASK-TWO-CLOCKS':
    'After its wait a call is told to try again while its question stays; a late answer is good for the next attempt, once.',
  'ASK-EXPIRED': 'That nobody answered is another end than that a person said no, and is recorded so.',
  'ASK-WITHDRAWN':
    'A question ends with the call that is cancelled or whose client is gone; what was cancelled is never sent.',
  'ASK-NOBODY':
    'Where nobody can be asked the call is refused at once and its question can still be answered.',
  'ASK-BOUND':
    'An answer is good for exactly what was shown: arguments, definition, subject, rule; anything else is asked again.',
  'ASK-FIRST-ANSWER': 'The first answer counts, and a later one is told which it was.',
  'ASK-CHANNEL': 'A rule can want an answer by certain ways only.',
  'ASK-DECIDED-ANEW':
    'A changed policy decides what is pending: deny refuses, allow releases, the same rule keeps the question; grants of changed rules end.',
  'ASK-GRANTS':
    'A grant reaches no further than its rule lets it, is counted, revocable and recorded, and ends with the session.',
  'ASK-MUTE': 'A muted tool is refused without asking, what waits of it included.',
  'ASK-ROUNDS': 'A round that returns the state its call was given rides on the same yes, once.',
  'ASK-BOUNDED': 'Questions are bounded in number and in bytes.',
  'ASK-RECORDED':
    'What was asked and how it ended is on record before the call leaves, without any value of its arguments.',
  'ASK-INTERLEAVED':
    'Whatever the order of answers, cancellations, changes of policy and time: one answer for each call, and none is sent without a yes that stands.',
} as const;
