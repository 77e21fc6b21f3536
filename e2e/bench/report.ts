import type { Results, SubjectResult } from './measure.ts';
import type { Spread, Summary } from './statistics.ts';

const round = (value: number | undefined, digits = 0): string =>
  value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
const around = ({ median, low, high }: Spread, digits: number): string =>
  `${round(median, digits)} (${round(low, digits)} to ${round(high, digits)})`;

/** A table in Markdown whose columns line up on a terminal too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [lineOf(head), rule, ...rows.map(lineOf)].join('\n');
}

const summaryCells = ({ n, median, p95, p99, sigma }: Summary): string[] => [
  String(n),
  round(median),
  round(p95),
  round(p99),
  round(sigma),
];

export interface Target {
  readonly what: string;
  readonly aim: number;
  readonly seen: number;
  readonly atLeast?: true;
  readonly unit: string;
}

/** What is aimed for, as ratios to the bare pipe in the same run, and what was seen. */
export function targetsOf({ subjects }: Results): readonly Target[] {
  const { pipe, flush, sync } = subjects;
  const most = String(Math.max(...Object.keys(pipe.callsPerSecond).map(Number)));
  const rate = (of: SubjectResult): number => of.callsPerSecond[most] ?? Number.NaN;
  return [
    { what: 'added to a call, flush', aim: 2.2, seen: flush.call.ratio.median, unit: '× pipe' },
    { what: 'added to a call, sync', aim: 6, seen: sync.call.ratio.median, unit: '× pipe' },
    {
      what: `calls/s with ${most} in flight, sync`,
      aim: 30,
      seen: (100 * rate(sync)) / rate(pipe),
      atLeast: true,
      unit: '% of pipe',
    },
    { what: 'added cold start, sync', aim: 1.6, seen: sync.addedColdMs / pipe.addedColdMs, unit: '× pipe' },
    {
      what: 'resident memory over the pipe, idle',
      aim: 20,
      seen: (sync.idleMebibytes ?? Number.NaN) - (pipe.idleMebibytes ?? Number.NaN),
      unit: 'MB more',
    },
  ];
}

function verdict({ aim, seen, atLeast }: Target): string {
  if (Number.isNaN(seen)) return 'not measured here';
  return (atLeast ? seen >= aim : seen <= aim) ? 'met' : 'missed';
}

/** The whole run as text. */
export function report(results: Results): string {
  const subjects = Object.values(results.subjects);
  const { plan, sweeps, machine } = results;
  const latency = (title: string, pick: (subject: SubjectResult) => SubjectResult['call']): string =>
    `${title}, µs (client to client; added and ratio are paired by sweep, with quartiles)\n\n${table(
      ['', 'n', 'median', 'p95', 'p99', 'σ', 'added', '× what the pipe adds'],
      subjects.map((subject) => {
        const { added, ratio, ...summary } = pick(subject);
        const isDirect = subject.label === 'direct';
        return [
          subject.label,
          ...summaryCells(summary),
          isDirect ? '' : around(added, 0),
          isDirect ? '' : around(ratio, 2),
        ];
      }),
    )}`;
  const load = table(
    ['', ...plan.inFlight.map((count) => `${count} in flight`)],
    subjects.map((subject) => [
      subject.label,
      ...plan.inFlight.map((count) => `${round(subject.callsPerSecond[String(count)])}/s`),
    ]),
  );
  const open = table(
    ['', 'n', 'median', 'p95', 'p99', 'σ'],
    subjects.map((subject) => [subject.label, ...summaryCells(subject.open)]),
  );
  const many = results.coldWithManyRulesMs.median;
  const cost = table(
    ['', 'cold start, ms', 'added, ms', 'CPU a call, µs', 'RSS idle, MB', 'RSS after load, MB'],
    [
      ...subjects.map((subject) => [
        subject.label,
        round(subject.coldMs.median),
        subject.label === 'direct' ? '' : round(subject.addedColdMs),
        round(subject.cpuPerCall),
        round(subject.idleMebibytes),
        round(subject.loadedMebibytes),
      ]),
      [
        'mcp-acp (sync), 100 rules',
        round(many),
        round(many - results.subjects.direct.coldMs.median),
        '–',
        '–',
        '–',
      ],
    ],
  );
  const stages = table(
    ['', 'n', 'median', 'p95', 'p99', 'σ'],
    results.stages.map(({ stage, n, median, p95, p99, sigma }) => [
      stage,
      String(n),
      ...[median, p95, p99, sigma].map((value) => round(value, 2)),
    ]),
  );
  const targets = table(
    ['', 'aim', 'seen', ''],
    targetsOf(results).map((target) => [
      target.what,
      `${target.atLeast ? 'at least' : 'at most'} ${target.aim} ${target.unit}`,
      round(target.seen, target.unit.startsWith('×') ? 2 : 0),
      verdict(target),
    ]),
  );
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}, load ${machine.load}.`,
    `Warm-up ${plan.warmUp} calls each; ${sweeps.kept} sweeps kept, ${sweeps.repeated} repeated because others used the machine (at most ${round(sweeps.worstForeign, 2)} cores in one that was kept).`,
    latency('tools/call', (subject) => subject.call),
    latency('tools/call with a path', (subject) => subject.pathCall),
    latency(`tools/list (${plan.tools} tools)`, (subject) => subject.list),
    `Throughput\n\n${load}`,
    `Open loop: ${plan.openRate} calls/s on a fixed schedule, µs from the moment each was due\n\n${open}`,
    `Cost of the process in the middle (cold start: from spawn to the first answered call)\n\n${cost}`,
    `Stages of one call, in process, µs\n\n${stages}`,
    `Targets\n\n${targets}`,
    '',
  ].join('\n\n');
}
