import type { RecordQuery } from '../answers.ts';
import { isOutcomeFilter, type OutcomeFilter, outcomeFilters } from './outcomes.ts';
import { isRecordKind, type RecordKind } from './record-kinds.ts';

const minuteMs = 60_000;
export const timeRanges = {
  '15m': { title: 'Last 15 minutes', ms: 15 * minuteMs },
  '1h': { title: 'Last hour', ms: 60 * minuteMs },
  '24h': { title: 'Last 24 hours', ms: 24 * 60 * minuteMs },
  '7d': { title: 'Last 7 days', ms: 7 * 24 * 60 * minuteMs },
  '30d': { title: 'Last 30 days', ms: 30 * 24 * 60 * minuteMs },
} as const;
export type TimeRange = keyof typeof timeRanges;
export type Effect = 'allow' | 'ask' | 'deny';

/** What the Activity table shows. Kept in the page's URL, so that it survives a reload and can be sent to somebody. */
export interface ActivityFilters {
  readonly kind: RecordKind;
  readonly text?: string;
  readonly range?: TimeRange;
  /** Milliseconds since the epoch; they hold where `range` is absent. */
  readonly since?: number;
  readonly until?: number;
  readonly tool?: string;
  readonly effect?: Effect;
  readonly outcome?: OutcomeFilter;
  readonly client?: string;
  readonly instance?: string;
  readonly rule?: string;
}

export const everything: ActivityFilters = { kind: 'calls' };
const names = [
  'kind',
  'q',
  'range',
  'since',
  'until',
  'tool',
  'effect',
  'outcome',
  'client',
  'instance',
  'rule',
] as const;
const mostText = 256;

const isRange = (text: string): text is TimeRange => Object.hasOwn(timeRanges, text);
const isEffect = (text: string): text is Effect => text === 'allow' || text === 'ask' || text === 'deny';

/** Reads the filters of a URL. What is none of ours or makes no sense is left out: URLs are typed by people. */
export function filtersOf(query: URLSearchParams): ActivityFilters {
  const text = (name: (typeof names)[number]): string | undefined => {
    const value = query.get(name)?.slice(0, mostText);
    return value === undefined || value === '' ? undefined : value;
  };
  const time = (name: 'since' | 'until'): number | undefined => {
    const value = Number(text(name) ?? Number.NaN);
    return Number.isSafeInteger(value) && value >= 0 && value <= 8.64e15 ? value : undefined;
  };
  const only = <Value extends string>(
    value: string | undefined,
    isOne: (text: string) => text is Value,
  ): Value | undefined => (value !== undefined && isOne(value) ? value : undefined);
  const range = only(text('range'), isRange);
  return present({
    kind: only(text('kind'), isRecordKind) ?? 'calls',
    text: text('q'),
    range,
    since: range === undefined ? time('since') : undefined,
    until: range === undefined ? time('until') : undefined,
    tool: text('tool'),
    effect: only(text('effect'), isEffect),
    outcome: only(text('outcome'), isOutcomeFilter),
    client: text('client'),
    instance: text('instance')?.slice(0, 32),
    rule: text('rule'),
  });
}

/** The query of a URL with these filters in place of those it had; what else it says stays. */
export function withFilters(query: URLSearchParams, filters: ActivityFilters): URLSearchParams {
  const changed = new URLSearchParams(query);
  for (const name of names) changed.delete(name);
  const { kind, text, ...rest } = filters;
  if (kind !== 'calls') changed.set('kind', kind);
  if (text !== undefined && text !== '') changed.set('q', text);
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined && value !== '') changed.set(name, String(value));
  return changed;
}

/** How many filters narrow the table. */
export const countFilters = ({ kind: _, since, until, ...rest }: ActivityFilters): number =>
  Object.values(rest).filter((value) => value !== undefined && value !== '').length +
  (since === undefined && until === undefined ? 0 : 1);

/** The question to the history, without its type. `now`: milliseconds since the epoch. */
export function queryOf(proxy: string, filters: ActivityFilters, now: number): RecordQuery {
  const { kind, text, range, since, until, outcome, effect, ...rest } = filters;
  const isCalls = kind === 'calls';
  const ended: { readonly status?: string; readonly disposition?: string } =
    outcome === undefined || !isCalls ? {} : outcomeFilters[outcome];
  return present({
    proxy,
    text: text?.trim() === '' ? undefined : text,
    since: range === undefined ? since : now - timeRanges[range].ms,
    until: range === undefined ? until : undefined,
    ...rest,
    effect: isCalls ? effect : undefined,
    status: ended.status,
    disposition: ended.disposition,
    limit: 100,
  });
}

/** The same with the members that may be undefined as optional ones. */
type Present<Values> = {
  [Name in keyof Values as undefined extends Values[Name] ? never : Name]: Values[Name];
} & {
  [Name in keyof Values as undefined extends Values[Name] ? Name : never]?: Exclude<Values[Name], undefined>;
};

const present = <Values extends object>(values: Values): Present<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Values>;
