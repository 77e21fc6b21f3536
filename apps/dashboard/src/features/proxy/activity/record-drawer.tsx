'use client';

import { useQuery } from '@tanstack/react-query';
import { FlaskConical, Scale } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Drawer } from '../../../components/dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { shownText } from '../../../components/foreign-text.tsx';
import { formatDateTime } from '../../../components/format-time.ts';
import { PageLink } from '../../../components/page-link.tsx';
import { Loading } from '../../../components/skeleton.tsx';
import { lazyPart } from '../../../live/lazy-part.ts';
import type { RecordDetail } from '../answers.ts';
import { type JournalFields, journalFields } from './journal-fields.ts';
import { RecordTrace } from './record-trace.tsx';
import type { OpenRecord } from './use-open-record.ts';

const MakeRuleDialog = lazyPart(
  async () => (await import('../../policy/make-rule-dialog.tsx')).MakeRuleDialog,
);

/** What was told live is in the history a moment later. */
const attempts = 6;
const attemptAfterMs = 700;

/** One record, whole: of a call its whole way through the proxy. */
export function RecordDrawer({
  proxy,
  opened,
  onOpen,
}: {
  readonly proxy: string;
  readonly opened: OpenRecord | undefined;
  readonly onOpen: (record: OpenRecord | undefined) => void;
}) {
  const api = useApi();
  // What is shown stays while the drawer leaves.
  const [shown, setShown] = useState(opened);
  if (opened !== undefined && opened !== shown) setShown(opened);
  const detail = useQuery(
    api.history.record.queryOptions(
      { proxy, instance: shown?.instance ?? '', seq: shown?.seq ?? 0 },
      {
        enabled: shown !== undefined,
        retry: attempts,
        retryDelay: attemptAfterMs,
        // A call that still runs has no outcome yet.
        refetchInterval: ({ state }) => (isUnfinished(state.data) && opened !== undefined ? 2_000 : false),
      },
    ),
  );
  const fields = journalFields(detail.data?.record);
  return (
    <Drawer
      open={opened !== undefined}
      onOpenChange={(open) => {
        if (!open) onOpen(undefined);
      }}
      title="Record"
      description={
        fields === undefined ? 'Read from the journal itself, and checked.' : descriptionOf(fields)
      }
      size="lg"
      footer={
        fields?.text('type') === 'decision' && shown !== undefined ? (
          <CallActions proxy={proxy} record={shown} fields={fields} />
        ) : undefined
      }
    >
      {detail.error !== null ? (
        <ErrorPanel error={detail.error} onRetry={() => void detail.refetch()} />
      ) : detail.data === undefined || fields === undefined ? (
        <Loading lines={8} />
      ) : (
        <RecordTrace proxy={proxy} fields={fields} detail={detail.data} onOpen={onOpen} />
      )}
    </Drawer>
  );
}

function isUnfinished(detail: RecordDetail | undefined): boolean {
  const fields = journalFields(detail?.record);
  return (
    fields?.text('type') === 'decision' &&
    fields.text('disposition') === 'forwarded' &&
    fields.text('requestId') !== undefined &&
    detail?.outcome === undefined
  );
}

function descriptionOf(fields: JournalFields): string {
  const about =
    fields.text('tool') ?? fields.text('prompt') ?? fields.text('method') ?? fields.text('event') ?? '';
  const time = fields.text('time');
  return `${fields.text('type') ?? ''} ${shownText(about, 120)}${time === undefined ? '' : ` · ${formatDateTime(time)}`}`.trim();
}

/** What can be made of a past call. */
function CallActions({
  proxy,
  record,
  fields,
}: {
  readonly proxy: string;
  readonly record: OpenRecord;
  readonly fields: JournalFields;
}) {
  const [isProposing, setProposing] = useState(false);
  // Only what the policy was asked about can be a rule's business.
  if (fields.text('effect') === undefined) return null;
  return (
    <>
      <Button asChild>
        <PageLink
          href={`/proxy/${encodeURIComponent(proxy)}?tab=policy&part=playground&record=${record.instance}.${record.seq}`}
        >
          <FlaskConical aria-hidden /> Try in playground
        </PageLink>
      </Button>
      <Button onClick={() => setProposing(true)}>
        <Scale aria-hidden /> Make it a rule…
      </Button>
      {isProposing && (
        <Suspense fallback={null}>
          <MakeRuleDialog
            proxy={proxy}
            source={{ kind: 'record', ...record }}
            open
            onOpenChange={setProposing}
          />
        </Suspense>
      )}
    </>
  );
}
