import { type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import type { Tone } from '../../../components/badge.tsx';
import type { HistoryRecord } from '../answers.ts';

/** A record that is no call, in words for a list. Names and details may be those of a backend or a client. */
export interface RecordWords {
  readonly event: string;
  readonly tone: Tone;
  /** What it is about: a tool, a method, a client. */
  readonly about: string;
  readonly detail: string;
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);

/** The sentence of a code, or the code where it is none of ours. */
export const titleOfCode = (code: string): string => (isErrorCode(code) ? errorTable[code].title : code);

type Row = readonly [event: string, tone: Tone];

const approvals: Readonly<Record<string, Row>> = {
  asked: ['Asked', 'info'],
  open: ['Left open', 'neutral'],
  approved: ['Approved', 'good'],
  denied: ['Denied', 'bad'],
  expired: ['Nobody answered', 'warn'],
  withdrawn: ['Taken back', 'neutral'],
  policy_allowed: ['Allowed by policy', 'good'],
  policy_denied: ['Denied by policy', 'bad'],
  superseded: ['Another question now', 'neutral'],
  joined: ['One with another question', 'neutral'],
  grant_made: ['Grant made', 'good'],
  grant_ended: ['Grant ended', 'neutral'],
};
const sessions: Readonly<Record<string, Row>> = {
  opened: ['Started', 'info'],
  identified: ['Client known', 'info'],
  backend: ['Backend', 'neutral'],
  renewed: ['Session opened again', 'neutral'],
  tools_listed: ['Tools listed', 'neutral'],
  closed: ['Closed', 'neutral'],
};
/** Of a grant that refuses. */
const mutes: Readonly<Record<string, Row>> = {
  grant_made: ['Muted', 'bad'],
  grant_ended: ['Mute ended', 'neutral'],
};
const changes: Readonly<Record<string, Row>> = {
  loaded: ['Loaded', 'good'],
  rejected: ['Rejected', 'bad'],
  held: ['Held', 'warn'],
  confirmed: ['Confirmed', 'good'],
};
/** A policy waits for a person, a setting for the next start. */
const configs: Readonly<Record<string, Row>> = { ...changes, held: ['After a restart', 'info'] };
const system: Readonly<Record<string, Row>> = {
  seen: ['Tool seen', 'neutral'],
  changed: ['Tool changed', 'warn'],
};
const ofType: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  approval: approvals,
  session: sessions,
  policy: changes,
  config: configs,
  tool: system,
};

/** By which way a person answered; as it stands in a record of an approval. */
export const channelWords: ReadonlyMap<string, string> = new Map([
  ['dashboard', 'in the dashboard'],
  ['cli', 'in the terminal'],
  ['dialog', 'in a dialog of the system'],
]);

/** What a step of a question's life is called, or the step where it is none of ours. */
export const titleOfApproval = (event: string): string =>
  (Object.hasOwn(approvals, event) ? approvals[event] : undefined)?.[0] ?? event;

const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' · ');

export function wordsOfRecord(record: HistoryRecord): RecordWords {
  const { type, event = '', reason, detail, subject } = record;
  const about = record.tool ?? record.prompt ?? record.method ?? record.client ?? '';
  if (type === 'incident') {
    return { event: 'Incident', tone: 'bad', about: titleOfCode(reason ?? ''), detail: detail ?? '' };
  }
  if (type === 'recovered') {
    return {
      event: 'Recovered',
      tone: 'warn',
      about: 'The end of a stream that a crash cut off was healed',
      detail: detail ?? '',
    };
  }
  const isMute = type === 'approval' && record.effect === 'deny';
  const [words, tone] = (isMute ? mutes[event] : undefined) ??
    ofType[type]?.[event] ?? [joined(type, event), 'neutral'];
  if (type === 'approval') {
    const by = subject === undefined ? undefined : `by ${subject}`;
    return {
      event: words,
      tone,
      about,
      detail: joined(by, reason === undefined ? undefined : (channelWords.get(reason) ?? reason), detail),
    };
  }
  return {
    event: words,
    tone,
    about,
    detail: joined(record.state, reason, detail, about === record.client ? undefined : record.client),
  };
}
