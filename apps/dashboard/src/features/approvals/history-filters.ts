import { isEndOfApproval } from '@mcp-acp/shared/live/approval-end';

export const historyViews = ['answers', 'steps'] as const;
/** Calls a person was asked about and what became of them, or every step of a question's life. */
export type HistoryView = (typeof historyViews)[number];

export interface HistoryFilters {
  readonly view: HistoryView;
  readonly proxy: string;
  readonly tool: string;
  readonly text: string;
}

export const everything = 'all';

/** What the history is asked for. Fields that are empty narrow nothing. */
export function historyQuery({ view, proxy, tool, text }: HistoryFilters) {
  return {
    limit: 50,
    ...(view === 'answers' ? { type: 'decision', effect: 'ask' as const } : { type: 'approval' }),
    ...(proxy === everything ? {} : { proxy }),
    ...(tool.trim() === '' ? {} : { tool: tool.trim().slice(0, 256) }),
    ...(text.trim() === '' ? {} : { text: text.trim().slice(0, 256) }),
  };
}

interface Told {
  readonly words: string;
  /** What there is to say beside it. */
  readonly note?: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'neutral';
}

const events: Readonly<Record<string, Told>> = {
  asked: { words: 'asked', tone: 'neutral' },
  open: { words: 'told to try again', tone: 'warn' },
  approved: { words: 'approved', tone: 'good' },
  denied: { words: 'denied', tone: 'bad' },
  expired: { words: 'nobody answered', tone: 'warn' },
  withdrawn: { words: 'taken back', tone: 'neutral' },
  policy_allowed: { words: 'policy allows it now', tone: 'good' },
  policy_denied: { words: 'policy refuses it now', tone: 'bad' },
  superseded: { words: 'asked anew', tone: 'neutral' },
  joined: { words: 'one with another', tone: 'neutral' },
  grant_made: { words: 'granted', tone: 'good' },
  grant_ended: { words: 'grant ended', tone: 'neutral' },
};

const ofMutes: Readonly<Record<string, Told>> = {
  grant_made: { words: 'muted', tone: 'bad' },
  grant_ended: { words: 'mute ended', tone: 'neutral' },
};

const refusals: Readonly<Record<string, Told>> = {
  person_denied: { words: 'denied', tone: 'bad' },
  approval_pending: { words: 'told to try again', tone: 'warn' },
  approval_expired: { words: 'nobody answered', tone: 'warn' },
  nobody_could_be_asked: { words: 'nobody could be asked', tone: 'warn' },
  too_many_approvals: { words: 'too many waited', tone: 'warn' },
  policy_denied: { words: 'refused by policy', tone: 'bad' },
  rate_limited: { words: 'over a rate limit', tone: 'bad' },
  backend_exited: { words: 'the server was gone', tone: 'warn' },
  backend_connection_lost: { words: 'the server was gone', tone: 'warn' },
  journal_unavailable: { words: 'not recorded, not sent', tone: 'bad' },
};

/**
 * What a record of the history says happened, in a word or two. Words it does not know are shown as they are. `later`: how
 * the question ended after its call had been told to try again.
 */
export function whatHappened(record: {
  readonly type: string;
  readonly event?: string | undefined;
  readonly disposition?: string | undefined;
  readonly reason?: string | undefined;
  readonly effect?: string | undefined;
  readonly state?: string | undefined;
  readonly later?: string | undefined;
}): Told {
  const { type, event, disposition, reason, effect, state, later } = record;
  if (type === 'approval') {
    const words = effect === 'deny' ? { ...events, ...ofMutes } : events;
    const known = event !== undefined && Object.hasOwn(words, event) ? words[event] : undefined;
    return known ?? { words: event ?? type, tone: 'neutral' };
  }
  const isByGrant = state === 'by_grant';
  if (disposition === 'forwarded') {
    return { words: isByGrant ? 'sent by a grant' : 'approved and sent', tone: 'good' };
  }
  if (reason === 'person_denied' && isByGrant) return { words: 'refused by a mute', tone: 'bad' };
  if (disposition === 'cancelled') return { words: 'taken back', tone: 'neutral' };
  if (reason === 'approval_pending' && isEndOfApproval(later)) {
    return { ...whatHappened({ type: 'approval', event: later }), note: 'after it was told to try again' };
  }
  const known = reason !== undefined && Object.hasOwn(refusals, reason) ? refusals[reason] : undefined;
  return known ?? { words: reason ?? disposition ?? type, tone: 'neutral' };
}
