/** What a person who is asked meets outside the browser: texts by id. */

export const summoned = {
  'ASK-NOTIFICATION':
    'Where nobody watches a notification of the system says that a call waits; it counts only where it was taken, and none of a call’s arguments is in it.',
  'ASK-DIALOG':
    'A dialog of the system shows a question whole or not at all, denies by default, and is closed with its question; what ends it otherwise is nobody’s answer.',
  'APPROVAL-SHOWN':
    'A question is shown with all its arguments as they were written, invisible characters made visible, and with what differs from the last approved call.',
  'APPROVALS-TERMINAL':
    'A yes in the terminal needs a terminal and typed words; without one nothing is answered, whatever the flags.',
  'APPROVALS-COMMANDS':
    'Questions, grants and mutes are listed, answered and taken back from the command line, through the manager or without it.',
  'APPROVALS-WATCH':
    'The live view of the terminal shows and answers what waits, guards against what just appeared and against a yes to what was not on the screen to its end, and leaves the terminal as it was.',
} as const;
