import { ArrowRight } from 'lucide-react';
import { EffectBadge } from '../../../components/badge.tsx';
import { Card, CardBody, CardHeader } from '../../../components/card.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatLatency } from '../../../components/format-duration.ts';
import { formatCount, formatCounted } from '../../../components/format-number.ts';
import { formatDateTime } from '../../../components/format-time.ts';
import { PageLink } from '../../../components/page-link.tsx';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../../components/table.tsx';
import { recordLink } from '../open-part.ts';
import type { ReplayResult } from '../policy-answers.ts';
import { changesByKind } from './read-replay.ts';
import { ReplayMatrix } from './replay-matrix.tsx';

/** What a policy would have done to the calls of the past. */
export function ReplayResultView({ result }: { readonly result: ReplayResult }) {
  const { looser, stricter } = changesByKind(result.counts);
  return (
    <section aria-label="Replay result" className="space-y-4">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure
          label="Prompts"
          value={`${formatCount(result.promptsBefore)} → ${formatCount(result.promptsAfter)}`}
          note={promptsNote(result)}
        />
        <Figure label="Let through more" value={formatCount(looser)} note="calls decided less strictly" />
        <Figure label="Held back more" value={formatCount(stricter)} note="calls decided more strictly" />
        <Figure
          label="Unknown"
          value={formatCount(result.unknown)}
          note={`of ${formatCounted(result.calls, 'call')}, in ${formatLatency(result.tookMs)}`}
        />
      </dl>
      {result.unknown > 0 && (
        <p className="rounded-md bg-info-soft px-3 py-2 text-sm">
          Of {formatCounted(result.unknown, 'call')} the arguments are not kept whole, so what this policy
          would decide cannot be told. They count as unknown, never as allowed.
        </p>
      )}
      {result.calls === 0 ? (
        <EmptyState title="No calls are on record for these days" />
      ) : (
        <ReplayMatrix counts={result.counts} />
      )}
      {result.calls > 0 && <ChangedCalls result={result} />}
    </section>
  );
}

function promptsNote({ promptsBefore, promptsAfter }: ReplayResult): string {
  const more = promptsAfter - promptsBefore;
  if (more === 0) return 'as many as before';
  return more > 0 ? `${formatCount(more)} more` : `${formatCount(-more)} fewer`;
}

function Figure({
  label,
  value,
  note,
}: {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}) {
  return (
    <div className="rounded-lg border border-line bg-surface px-4 py-3 shadow-card">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="mt-0.5 text-xl font-semibold tabular-nums">{value}</dd>
      <dd className="text-xs text-muted">{note}</dd>
    </div>
  );
}

function ChangedCalls({ result }: { readonly result: ReplayResult }) {
  const { changed, changedTotal } = result;
  const note =
    changedTotal > changed.length
      ? `the newest ${changed.length} of ${formatCount(changedTotal)}`
      : undefined;
  return (
    <Card>
      <CardHeader title="Calls that are decided otherwise" note={note} />
      {changed.length === 0 ? (
        <CardBody className="text-sm text-muted">
          None: every call that can be judged is decided as it was.
        </CardBody>
      ) : (
        <Table aria-label="Changed calls">
          <TableHead>
            <tr>
              <HeadCell>Time</HeadCell>
              <HeadCell>Call</HeadCell>
              <HeadCell>Decision</HeadCell>
              <HeadCell>Rule then</HeadCell>
              <HeadCell>Rule now</HeadCell>
              <HeadCell>Client</HeadCell>
            </tr>
          </TableHead>
          <TableBody>
            {changed.map((call) => (
              <TableRow key={`${call.instance}.${call.seq}`}>
                <Cell className="whitespace-nowrap">
                  <PageLink
                    href={recordLink(call)}
                    className="tabular-nums text-accent underline-offset-4 hover:underline"
                  >
                    {formatDateTime(call.time)}
                  </PageLink>
                </Cell>
                <Cell className="font-mono text-xs">
                  <ForeignText text={call.tool ?? call.method} max={80} />
                </Cell>
                <Cell>
                  <span className="inline-flex items-center gap-1.5">
                    <EffectBadge effect={call.before} />
                    <ArrowRight aria-label="to" className="size-3 text-muted" />
                    <EffectBadge effect={call.after} />
                  </span>
                </Cell>
                <RuleCell rule={call.decidedBefore} />
                <RuleCell rule={call.decidedAfter} />
                <Cell className="text-muted">
                  <ForeignText text={call.client ?? '–'} max={40} />
                </Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Card>
  );
}

function RuleCell({ rule }: { readonly rule: string | undefined }) {
  return (
    <Cell className="font-mono text-xs text-muted">
      {rule === undefined ? '–' : <ForeignText text={rule} max={64} />}
    </Cell>
  );
}
