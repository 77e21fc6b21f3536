import type { ReactNode } from 'react';
import { Card } from '../../../components/card.tsx';
import { formatLatency } from '../../../components/format-duration.ts';
import { formatCount } from '../../../components/format-number.ts';
import type { InstanceSeen } from '../answers.ts';

/** What an instance has done since its start; of one that is over, what it had done. */
export function Counters({
  instance,
  isOver,
}: {
  readonly instance: InstanceSeen;
  readonly isOver: boolean;
}) {
  const { statistics, inFlight, pending } = instance.status;
  const { call, backend, evaluation, humanWait } = statistics.latency;
  return (
    <Card aria-label={isOver ? 'Figures of the last session' : 'Figures of this session'}>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg bg-line sm:grid-cols-4 xl:grid-cols-8">
        <Figure
          label="Requests"
          value={formatCount(statistics.requests)}
          note={isOver ? 'last session' : 'this session'}
        />
        <Figure
          label="Passed on"
          value={formatCount(statistics.allowed)}
          note={shareOf(statistics.allowed, statistics.requests)}
        />
        <Figure
          label="Denied"
          value={formatCount(statistics.denied)}
          note={shareOf(statistics.denied, statistics.requests)}
        />
        <Figure
          label="Asked"
          value={formatCount(statistics.asked)}
          note={isOver ? 'of a person' : `${formatCount(pending)} waiting`}
        />
        <Figure label="In flight" value={isOver ? '–' : formatCount(inFlight)} note="requests" />
        <Figure
          label="Latency"
          value={formatLatency(call.medianMs)}
          note={`p95 ${formatLatency(call.p95Ms)}`}
        />
        <Figure
          label="Backend"
          value={formatLatency(backend.medianMs)}
          note={`policy ${formatLatency(evaluation.medianMs)}`}
        />
        <Figure
          label="Human wait"
          value={formatLatency(humanWait.medianMs)}
          note={humanWait.count === 0 ? 'nobody waited' : `p95 ${formatLatency(humanWait.p95Ms)}`}
        />
      </dl>
    </Card>
  );
}

const shareOf = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;

function Figure({
  label,
  value,
  note,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note: string;
}) {
  return (
    <div className="bg-surface px-4 py-2.5">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="font-semibold text-lg tabular-nums tracking-tight">{value}</dd>
      <dd className="text-muted text-xs tabular-nums">{note}</dd>
    </div>
  );
}
