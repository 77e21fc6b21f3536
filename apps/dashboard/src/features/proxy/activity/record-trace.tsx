'use client';

import { type ReactNode, Suspense } from 'react';
import { Badge, EffectBadge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatBytes } from '../../../components/format-number.ts';
import { formatDateTime } from '../../../components/format-time.ts';
import { Skeleton } from '../../../components/skeleton.tsx';
import { lazyPart } from '../../../live/lazy-part.ts';
import type { RecordDetail } from '../answers.ts';
import { ApprovalPart } from './approval-part.tsx';
import { timingOf } from './call-timing.ts';
import { DecisionPart } from './decision-part.tsx';
import { FactsList, TracePart } from './facts-list.tsx';
import { type JournalFields, journalFields } from './journal-fields.ts';
import { outcomeOf } from './outcomes.ts';
import { titleOfCode } from './record-words.ts';
import { shownJson } from './shown-json.ts';
import { TimingBar } from './timing-bar.tsx';
import type { OpenRecord } from './use-open-record.ts';

const ArgumentsView = lazyPart(
  async () => (await import('../../approvals/arguments-view.tsx')).ArgumentsView,
);

const tones = { good: 'good', bad: 'bad', warn: 'warn', quiet: 'neutral' } as const;

/** Everything that is known of a record, in the order in which it happened. */
export function RecordTrace({
  proxy,
  fields,
  detail,
  onOpen,
}: {
  readonly proxy: string;
  readonly fields: JournalFields;
  readonly detail: RecordDetail;
  readonly onOpen: (record: OpenRecord) => void;
}) {
  const type = fields.text('type');
  const isCall = type === 'decision';
  const outcome = journalFields(detail.outcome);
  return (
    <div>
      {isCall && (
        <CallParts fields={fields} outcome={outcome} payload={detail.payload}>
          <ApprovalPart proxy={proxy} fields={fields} onOpen={onOpen} />
        </CallParts>
      )}
      {!isCall && <OtherParts fields={fields} onOpen={onOpen} />}
      {outcome !== undefined && (
        <TracePart title="Outcome record">
          <RawRecord fields={outcome} />
        </TracePart>
      )}
      <TracePart title={isCall ? 'Decision record' : 'Record'}>
        <RawRecord fields={fields} />
      </TracePart>
    </div>
  );
}

function CallParts({
  fields,
  outcome,
  payload,
  children,
}: {
  readonly fields: JournalFields;
  readonly outcome: JournalFields | undefined;
  readonly payload: string | undefined;
  readonly children: ReactNode;
}) {
  const status = outcome?.text('status');
  const ended = outcomeOf({
    disposition: fields.text('disposition'),
    status,
    reason: fields.text('reason'),
  });
  const reason = outcome?.text('reason') ?? fields.text('reason');
  const timing = timingOf({
    evalMs: fields.number('evalMs'),
    waitMs: fields.number('waitMs'),
    durationMs: outcome?.number('durationMs'),
    backendMs: outcome?.number('backendMs'),
  });
  const size = outcome?.number('size');
  const foreign = (name: string) => foreignOf(fields, name);
  return (
    <>
      <div className="pb-3.5">
        <div className="mb-3 flex flex-wrap items-center gap-2">
          {fields.text('effect') !== undefined && <EffectBadge effect={fields.text('effect') ?? ''} />}
          <Badge tone={tones[ended.tone]}>{ended.title}</Badge>
          {fields.text('from') === 'server' && <Badge>asked by the backend</Badge>}
          {outcome?.flag('cancelled') && <Badge tone="warn">cancelled by the client</Badge>}
          {reason !== undefined && <span className="text-muted text-sm">{titleOfCode(reason)}</span>}
        </div>
        {timing.segments.length > 0 && <TimingBar {...timing} />}
      </div>
      <TracePart title="Call">
        <FactsList
          facts={[
            ['Method', foreign('method')],
            ['Tool', foreign('tool')],
            ['Prompt', foreign('prompt')],
            ['Resource', foreign('resource')],
            ['Client', foreignOf(fields, 'client', fields.text('clientVersion'))],
            ['User', foreign('subject')],
            ['Request', foreign('requestId')],
            ['Revision', fields.text('revision')],
            ['Size', sizes(fields.number('size'), size)],
            ['Trace', foreign('trace')],
          ]}
        />
      </TracePart>
      {payload !== undefined && (
        <TracePart title="Arguments">
          <Suspense fallback={<Skeleton className="h-16" />}>
            <ArgumentsView json={payload} />
          </Suspense>
          <p className="mt-1.5 text-muted text-xs">
            As kept beside the journal: secrets are redacted, and long ones may be cut.
          </p>
        </TracePart>
      )}
      {payload === undefined && fields.text('payload') !== undefined && (
        <TracePart title="Arguments">
          <p className="text-muted text-sm">They are no longer kept.</p>
        </TracePart>
      )}
      <DecisionPart fields={fields} />
      {children}
    </>
  );
}

function foreignOf(fields: JournalFields, name: string, more?: string) {
  const text = fields.text(name);
  return text === undefined ? undefined : (
    <ForeignText text={more === undefined ? text : `${text} ${more}`} max={1_024} />
  );
}

const sizes = (asked: number | undefined, answered: number | undefined): string | undefined =>
  asked === undefined
    ? undefined
    : `${formatBytes(asked)}${answered === undefined ? '' : `, answered with ${formatBytes(answered)}`}`;

const inEnvelope: ReadonlySet<string> = new Set([
  'hash',
  'prev',
  'proxyId',
  'proxyName',
  'instance',
  'seq',
  'time',
  'type',
]);

/** What a record that is no call says, member by member. */
function OtherParts({
  fields,
  onOpen,
}: {
  readonly fields: JournalFields;
  readonly onOpen: (record: OpenRecord) => void;
}) {
  const members =
    typeof fields.whole === 'object' && fields.whole !== null ? Object.entries(fields.whole) : [];
  const decision = fields.number('decision');
  const instance = fields.text('instance');
  return (
    <TracePart title="What it says">
      <FactsList
        facts={[
          ...members
            .filter(([name]) => !inEnvelope.has(name))
            .map(([name, value]): readonly [string, ReactNode] => [
              name,
              <ForeignText
                key={name}
                text={typeof value === 'string' ? value : JSON.stringify(value)}
                max={2_048}
              />,
            ]),
          ['Written', formatDateTime(fields.text('time') ?? '')],
        ]}
      />
      {decision !== undefined && instance !== undefined && (
        <Button variant="link" size="sm" className="mt-2" onClick={() => onOpen({ instance, seq: decision })}>
          The call it belongs to
        </Button>
      )}
    </TracePart>
  );
}

/** The record as it stands in the journal, and the hash that holds it there. */
function RawRecord({ fields }: { readonly fields: JournalFields }) {
  const hash = fields.text('hash') ?? '';
  return (
    <div className="space-y-2">
      <FactsList
        facts={[
          ['Place', `${fields.text('instance') ?? ''} · ${fields.number('seq') ?? ''}`],
          [
            'Hash',
            <span key="hash" className="inline-flex max-w-full items-center gap-1">
              <code className="truncate font-mono text-xs">{hash}</code>
              <CopyButton text={hash} label="Copy the hash" className="-my-1" />
            </span>,
          ],
        ]}
      />
      <details>
        <summary className="w-fit text-muted text-xs hover:text-ink">As JSON</summary>
        <CodeBlock code={shownJson(fields.whole)} label="Copy the record" wrap className="mt-1.5" />
      </details>
    </div>
  );
}
