import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import type { HistoryRecord } from '../answers.ts';
import type { ActivityFilters } from './activity-filters.ts';
import { newestFirst } from './merge-pages.ts';
import { outcomeFilters } from './outcomes.ts';

type Decided = Extract<LiveEvent, { readonly type: 'call_decided' }>;
type Finished = Extract<LiveEvent, { readonly type: 'call_finished' }>;

/** So many rows are held beside those that were read in pages; with more the table is read anew. */
export const mostLiveRows = 5_000;

export const keyOf = ({ instance, seq }: { readonly instance: string; readonly seq: number }): string =>
  `${instance}/${seq}`;

/** What came in since the table was read: whole records, rows made of events alone, and how calls ended. */
export interface LiveRows {
  readonly records: ReadonlyMap<string, HistoryRecord>;
  readonly ends: ReadonlyMap<string, Pick<HistoryRecord, 'status' | 'durationMs'>>;
  /** There were more than are held, so what is shown has a gap. */
  readonly isGapped: boolean;
}

export const noLiveRows: LiveRows = { records: new Map(), ends: new Map(), isGapped: false };

/** A row that only an event has told so far has no hash. */
export const isProvisional = ({ hash }: HistoryRecord): boolean => hash === '';

/** What an event tells of a call, or undefined where it cannot be told from the event whether the call belongs in the table. */
export function rowOf(event: Decided, filters: ActivityFilters): HistoryRecord | undefined {
  const { kind, text, client, rule, until, tool, effect, instance, outcome } = filters;
  if (
    kind !== 'calls' ||
    text !== undefined ||
    client !== undefined ||
    rule !== undefined ||
    until !== undefined
  )
    return undefined;
  if (tool !== undefined && tool !== event.tool) return undefined;
  if (effect !== undefined && effect !== event.effect) return undefined;
  if (instance !== undefined && instance !== event.proxy.instance) return undefined;
  const ended = outcome === undefined ? undefined : outcomeFilters[outcome];
  if (ended !== undefined && !('disposition' in ended && ended.disposition === event.disposition))
    return undefined;
  return {
    proxy: event.proxy.name,
    instance: event.proxy.instance,
    seq: event.seq,
    time: event.time,
    type: 'decision',
    hash: '',
    from: event.from,
    disposition: event.disposition,
    ...(event.method === undefined ? {} : { method: event.method }),
    ...(event.tool === undefined ? {} : { tool: event.tool }),
    ...(event.effect === undefined ? {} : { effect: event.effect }),
    ...(event.reason === undefined ? {} : { reason: event.reason }),
  };
}

/** Puts in what has come, newer knowledge over older. */
export function withLive(
  rows: LiveRows,
  come: { readonly records?: readonly HistoryRecord[]; readonly finished?: readonly Finished[] },
): LiveRows {
  const records = new Map(rows.records);
  for (const record of come.records ?? []) {
    const known = records.get(keyOf(record));
    if (known === undefined || isProvisional(known) || !isProvisional(record))
      records.set(keyOf(record), record);
  }
  const ends = new Map(rows.ends);
  for (const { proxy, decision, status, durationMs } of come.finished ?? []) {
    ends.set(keyOf({ instance: proxy.instance, seq: decision }), { status, durationMs });
  }
  // The oldest come first in a map: what is let go is what is no longer in sight.
  while (ends.size > mostLiveRows) ends.delete(ends.keys().next().value ?? '');
  return { records, ends, isGapped: rows.isGapped || records.size > mostLiveRows };
}

/** The table's rows, newest first, each call once. */
export function rowsOf(pages: readonly HistoryRecord[], live: LiveRows): readonly HistoryRecord[] {
  const rows = new Map(pages.map((record) => [keyOf(record), record]));
  for (const [key, record] of live.records) {
    const known = rows.get(key);
    if (known === undefined || !isProvisional(record)) rows.set(key, record);
  }
  return [...rows]
    .map(([key, record]) => {
      const end = record.status === undefined && record.type === 'decision' ? live.ends.get(key) : undefined;
      return end === undefined ? record : { ...record, ...end };
    })
    .sort(newestFirst);
}
