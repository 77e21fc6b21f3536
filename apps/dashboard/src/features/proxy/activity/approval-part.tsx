'use client';

import type { ReactNode } from 'react';
import { Button } from '../../../components/button.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatLatency, formatSpan } from '../../../components/format-duration.ts';
import { formatDateTime } from '../../../components/format-time.ts';
import { type AnsweredBy, answeredBy, reachInWords } from './answer-of-call.ts';
import { FactsList, TracePart } from './facts-list.tsx';
import type { JournalFields } from './journal-fields.ts';
import { channelWords, titleOfApproval } from './record-words.ts';
import { useAnswerOfCall } from './use-answer-of-call.ts';
import type { OpenRecord } from './use-open-record.ts';

const titles: Readonly<Record<AnsweredBy, string>> = {
  person: 'Approval',
  'earlier answer': 'Approved before this attempt',
  grant: 'Let through by a grant',
  mute: 'Refused by a mute',
};

/** What a person said of a call: to its question, or before, with a grant or a mute. */
export function ApprovalPart(props: {
  readonly proxy: string;
  readonly fields: JournalFields;
  readonly onOpen: (record: OpenRecord) => void;
}) {
  const { fields } = props;
  const isAsked = fields.text('approval') !== undefined || fields.text('grant') !== undefined;
  return isAsked || (fields.number('waitMs') ?? 0) > 0 ? <Answer {...props} /> : null;
}

function Answer({
  proxy,
  fields,
  onOpen,
}: {
  readonly proxy: string;
  readonly fields: JournalFields;
  readonly onOpen: (record: OpenRecord) => void;
}) {
  const { answer, made } = useAnswerOfCall(proxy, fields);
  const by = answeredBy(fields, made);
  const channel = fields.text('channel') ?? answer?.text('channel') ?? made?.text('channel');
  const way = channel === undefined ? undefined : wayOf(channel);
  const waitMs = fields.number('waitMs') ?? 0;
  const event = answer?.text('event');
  const source = answer ?? made;
  const isOwn = by === 'person';
  const time = source?.text('time');
  const forMs = made?.number('forMs');
  const uses = made?.number('mostUses');
  return (
    <TracePart title={titles[by]}>
      <FactsList
        facts={[
          ['Answer', isOwn && event !== undefined ? titleOfApproval(event) : undefined],
          [isOwn ? 'Answered' : 'Made', way],
          ['By', foreign(answer?.text('by'))],
          ['Reason', foreign(answer?.text('detail'))],
          ['When', isOwn || time === undefined ? undefined : formatDateTime(time)],
          ['Reach', isOwn ? undefined : reachInWords(made?.text('scope'))],
          ['For', forMs === undefined ? undefined : formatSpan(forMs)],
          ['At most', uses === undefined ? undefined : `${uses} ${uses === 1 ? 'use' : 'uses'}`],
          ['Waited', waitMs === 0 ? undefined : formatLatency(waitMs)],
          ['Question', mono(fields.text('approval'))],
          [by === 'mute' ? 'Mute' : 'Grant', mono(fields.text('grant'))],
        ]}
      />
      {source !== undefined && (
        <Button
          variant="link"
          size="sm"
          className="mt-2"
          onClick={() => onOpen({ instance: source.text('instance') ?? '', seq: source.number('seq') ?? 0 })}
        >
          {answer === undefined ? 'Its record' : 'Record of the answer'}
        </Button>
      )}
    </TracePart>
  );
}

const wayOf = (channel: string): ReactNode => channelWords.get(channel) ?? <ForeignText text={channel} />;

const foreign = (text: string | undefined): ReactNode =>
  text === undefined ? undefined : <ForeignText text={text} max={1_024} />;

const mono = (text: string | undefined): ReactNode =>
  text === undefined ? undefined : (
    <code className="font-mono text-xs">
      <ForeignText text={text} />
    </code>
  );
