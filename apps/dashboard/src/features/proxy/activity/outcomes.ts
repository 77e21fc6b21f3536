/** What became of a call, as one thing a person looks for: how it was disposed of, or how it ended after it was passed on. */
export const outcomeFilters = {
  ok: { title: 'Succeeded', status: 'ok' },
  tool_error: { title: 'Tool error', status: 'tool_error' },
  error: { title: 'Protocol error', status: 'error' },
  timed_out: { title: 'Timed out', status: 'timed_out' },
  backend_exited: { title: 'Backend exited', status: 'backend_exited' },
  connection_lost: { title: 'Connection lost', status: 'connection_lost' },
  unreadable: { title: 'Unreadable answer', status: 'unreadable' },
  withheld: { title: 'Result withheld', status: 'withheld' },
  input_required: { title: 'Input required', status: 'input_required' },
  cancelled_running: { title: 'Cancelled while running', status: 'cancelled' },
  not_sent: { title: 'Not sent', status: 'not_sent' },
  none: { title: 'Outcome unknown', status: 'none' },
  denied: { title: 'Refused', disposition: 'denied' },
  unanswered: { title: 'Unanswered', disposition: 'unanswered' },
  cancelled: { title: 'Cancelled before it ran', disposition: 'cancelled' },
  limited: { title: 'Over a limit', disposition: 'limited' },
  malformed: { title: 'Malformed', disposition: 'malformed' },
  failed: { title: 'Failed', disposition: 'failed' },
  observed: { title: 'Observed', disposition: 'observed' },
} as const satisfies Readonly<
  Record<
    string,
    | { readonly title: string; readonly status: string }
    | { readonly title: string; readonly disposition: string }
  >
>;

export type OutcomeFilter = keyof typeof outcomeFilters;

export const isOutcomeFilter = (text: string): text is OutcomeFilter => Object.hasOwn(outcomeFilters, text);

export type Tone = 'good' | 'bad' | 'warn' | 'quiet';

const titles: ReadonlyMap<string, string> = new Map(
  Object.values(outcomeFilters).map((row) => [
    'status' in row ? `s:${row.status}` : `d:${row.disposition}`,
    row.title,
  ]),
);
const warning: ReadonlySet<string> = new Set([
  'tool_error',
  'cancelled',
  'input_required',
  'unanswered',
  'limited',
]);

/** Why a call that a person was to approve has no answer: its question may still be open. */
const unanswered: ReadonlyMap<string, string> = new Map([
  ['approval_pending', 'Told to try again'],
  ['approval_expired', 'Nobody answered'],
  ['nobody_could_be_asked', 'Nobody could be asked'],
]);

/** The end of a call in words, and how it should look. */
export function outcomeOf(record: {
  readonly disposition?: string | undefined;
  readonly status?: string | undefined;
  readonly reason?: string | undefined;
}): {
  readonly title: string;
  readonly tone: Tone;
} {
  const { disposition = '', status, reason = '' } = record;
  if (disposition === 'forwarded' && status === undefined) return { title: 'No outcome yet', tone: 'quiet' };
  if (disposition === 'observed' && status === undefined) return { title: 'Observed', tone: 'quiet' };
  const word = status ?? disposition;
  const title = titles.get(status === undefined ? `d:${disposition}` : `s:${status}`) ?? word;
  if (disposition === 'unanswered' && status === undefined)
    return { title: unanswered.get(reason) ?? title, tone: 'warn' };
  if (disposition === 'denied' && reason === 'person_denied' && status === undefined)
    return { title: 'Denied by a person', tone: 'bad' };
  if (status === 'ok') return { title, tone: 'good' };
  return { title, tone: warning.has(word) ? 'warn' : 'bad' };
}
