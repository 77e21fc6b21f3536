'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { Badge, EffectBadge } from '../../../components/badge.tsx';
import { classNames } from '../../../components/class-names.ts';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatLatency } from '../../../components/format-duration.ts';
import { formatDateTime, formatTime } from '../../../components/format-time.ts';
import type { HistoryRecord } from '../answers.ts';
import { outcomeOf } from './outcomes.ts';
import { titleOfCode } from './record-words.ts';
import { useRecordWords } from './use-record-words.ts';

/** Widths of the columns, the same in every row and in the head. On a phone a row has two lines. */
export const callColumns =
  'grid grid-cols-[minmax(0,1fr)_auto] md:grid-cols-[8.75rem_minmax(0,1.6fr)_5.25rem_minmax(0,1fr)_minmax(0,0.9fr)_minmax(0,0.9fr)_6.5rem]';
export const recordColumns =
  'grid grid-cols-[minmax(0,1fr)_auto] md:grid-cols-[8.75rem_11rem_minmax(0,1.2fr)_minmax(0,1.4fr)_minmax(0,0.7fr)]';

export const callHeads = ['Time', 'Call', 'Decision', 'Outcome', 'Rule', 'Client', 'Latency'] as const;
export const recordHeads = ['Time', 'Event', 'About', 'Detail', 'Client'] as const;

/** Whether rows are those of a table. */
export const InTable = createContext(false);

const cell = 'min-w-0 truncate px-3';
const toneText = { good: 'text-good', bad: 'text-bad', warn: 'text-warn', quiet: 'text-muted' } as const;

/** What is called: the tool, else what the method names, else the method. */
export const nameOfCall = ({ tool, prompt, method }: HistoryRecord): string =>
  tool ?? prompt ?? method ?? 'unreadable message';

const Time = ({ time }: { readonly time: string }) => (
  <time dateTime={time} title={formatDateTime(time)} className="text-muted text-xs tabular-nums">
    {formatTime(time)}
  </time>
);

export function CallCells({ record }: { readonly record: HistoryRecord }) {
  const outcome = outcomeOf(record);
  const reason = record.reason ?? record.outcomeReason;
  return (
    <>
      <Cell className="order-3 md:order-none">
        <Time time={record.time} />
      </Cell>
      <Cell className="order-1 md:order-none">
        <span className="font-medium">
          <ForeignText text={nameOfCall(record)} max={120} />
        </span>
        {record.method !== undefined && record.method !== nameOfCall(record) && (
          <span className="ml-2 text-muted text-xs">
            {record.from === 'server' ? '← ' : ''}
            <ForeignText text={record.method} max={80} />
          </span>
        )}
      </Cell>
      <Cell className="order-2 text-right md:order-none md:text-left">
        {record.effect !== undefined && <EffectBadge effect={record.effect} />}
      </Cell>
      <Cell className={classNames('order-4 text-right md:order-none md:text-left', toneText[outcome.tone])}>
        <span title={reason === undefined ? undefined : titleOfCode(reason)}>{outcome.title}</span>
      </Cell>
      <Cell className="hidden text-muted text-xs md:block">
        {record.decidedBy !== undefined && <ForeignText text={record.decidedBy} max={64} />}
      </Cell>
      <Cell className="hidden text-muted text-xs md:block">
        {record.client !== undefined && <ForeignText text={record.client} max={64} />}
      </Cell>
      <Cell className="hidden text-right tabular-nums md:block">
        {record.durationMs === undefined ? (
          <span className="text-muted">–</span>
        ) : (
          formatLatency(record.durationMs)
        )}
      </Cell>
    </>
  );
}

export function RecordCells({ record }: { readonly record: HistoryRecord }) {
  const { event, tone, about, detail } = useRecordWords(record);
  return (
    <>
      <Cell className="order-3 md:order-none">
        <Time time={record.time} />
      </Cell>
      <Cell className="order-2 text-right md:order-none md:text-left">
        <Badge tone={tone}>{event}</Badge>
      </Cell>
      <Cell className="order-1 font-medium md:order-none">
        <ForeignText text={about} max={160} />
      </Cell>
      <Cell className="order-4 text-muted md:order-none">
        <ForeignText text={detail} max={240} />
      </Cell>
      <Cell className="hidden text-muted text-xs md:block">
        {record.client !== undefined && <ForeignText text={record.client} max={64} />}
      </Cell>
    </>
  );
}

/** In a list of its own a row has no cells. */
function Cell({ className, children }: { readonly className?: string; readonly children: ReactNode }) {
  const isTable = useContext(InTable);
  return (
    <div {...(isTable ? { role: 'cell' } : {})} className={classNames(cell, className)}>
      {children}
    </div>
  );
}
