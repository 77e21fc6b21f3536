import type { LoadResult } from './measure-load.ts';

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;

/** The result for a person. */
export function reportLoad(result: LoadResult): string {
  const { plan, history, told, subscribers, residentMiB, processorShare, queries } = result;
  const lines = [
    `history   ${history.records} records read from journals in ${history.seconds.toFixed(1)} s (${Math.round(history.records / history.seconds)} a second)`,
    `load      ${plan.proxies} instances, ${told} events in ${plan.seconds} s, one subscriber that reads nothing`,
    `manager   ${residentMiB.idle.toFixed(0)} MiB before, ${residentMiB.most.toFixed(0)} MiB at most, ${residentMiB.after.toFixed(0)} MiB after; ${(processorShare * 100).toFixed(0)} % of a core`,
    '',
    ...subscribers.map(
      ({ name, events, lost, resyncs, delayMs }) =>
        `${name.padEnd(14)} ${events} events, ${lost} lost, ${resyncs} resyncs; delay ${ms(delayMs.median)} at the median, ${ms(delayMs.p95)} at the 95th percentile`,
    ),
    '',
    'query of a page, under that load                median        p95',
    ...queries.map(
      ({ name, ms: time }) =>
        `  ${name.padEnd(42)} ${ms(time.median).padStart(10)} ${ms(time.p95).padStart(10)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
