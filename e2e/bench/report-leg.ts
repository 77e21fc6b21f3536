import type { Leg } from './leg.ts';
import { type MeasuredKind, requests } from './load.ts';
import type { Plan } from './plan.ts';
import type { LegResult, SubjectResult } from './results.ts';
import type { Spread, Summary } from './statistics.ts';
import { round, table } from './table.ts';

export const summaryHead = ['', 'n', 'median', 'p95', 'p99', 'σ'] as const;

export const summaryCells = ({ n, median, p95, p99, sigma }: Summary, digits = 0): string[] => [
  String(n),
  ...[median, p95, p99, sigma].map((value) => round(value, digits)),
];

const around = ({ median, low, high }: Spread, digits: number): string =>
  `${round(median, digits)} (${round(low, digits)} to ${round(high, digits)})`;

function latencies(
  leg: Leg,
  kind: MeasuredKind,
  subjects: readonly (readonly [string, SubjectResult])[],
): string {
  const rows = subjects.flatMap(([id, { label, [kind]: latency }]) => {
    if (latency === undefined) return [];
    const compared = id === leg.baseline ? ['', ''] : [around(latency.added, 0), around(latency.ratio, 2)];
    return [[label, ...summaryCells(latency), ...compared]];
  });
  const head = [...summaryHead, 'added', `× what the ${leg.reference.name} adds`];
  return `${requests[kind].title}, µs (client to client; added and ratio are paired by sweep, with quartiles)\n\n${table(head, rows)}`;
}

/** A leg's tables as text, under its title. */
export function reportLeg(leg: Leg, { subjects, startedOnly, sweeps }: LegResult, plan: Plan): string {
  const entries = Object.entries(subjects);
  const all = Object.values(subjects);
  const load = table(
    ['', ...plan.inFlight.map((count) => `${count} in flight`)],
    all.map(({ label, callsPerSecond }) => [
      label,
      ...plan.inFlight.map((count) => `${round(callsPerSecond[String(count)])}/s`),
    ]),
  );
  const open = all.flatMap(({ label, open }) => (open === undefined ? [] : [[label, ...summaryCells(open)]]));
  const started: readonly (Partial<SubjectResult> & LegResult['startedOnly'][string])[] = [
    ...all,
    ...Object.values(startedOnly),
  ];
  const baseline = subjects[leg.baseline]?.label;
  const cost = table(
    ['', 'cold start, ms', 'added, ms', 'CPU a call, µs', 'RSS idle, MB', 'RSS after load, MB'],
    started.map((subject) => [
      subject.label,
      round(subject.coldMs.median),
      subject.label === baseline ? '' : round(subject.addedColdMs),
      round(subject.cpuPerCall),
      round(subject.idleMebibytes),
      round(subject.loadedMebibytes),
    ]),
  );
  return [
    `## ${leg.id}: ${leg.title}`,
    `${sweeps.kept} sweeps kept, ${sweeps.repeated} repeated because others used the machine (at most ${round(sweeps.worstForeign, 2)} cores in one that was kept).`,
    ...(['call', ...leg.alsoMeasured] as const).map((kind) => latencies(leg, kind, entries)),
    `Throughput\n\n${load}`,
    ...(open.length === 0
      ? []
      : [
          `Open loop: ${plan.openRate} calls/s on a fixed schedule, µs from the moment each was due\n\n${table(summaryHead, open)}`,
        ]),
    `Cost of the process in the middle (cold start: from spawn, or connecting where nothing is started, to the first answered call)\n\n${cost}`,
  ].join('\n\n');
}
