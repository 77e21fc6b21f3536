import type { Leg } from './leg.ts';
import { reportLeg, summaryCells, summaryHead } from './report-leg.ts';
import type { Results } from './results.ts';
import type { Single } from './singles.ts';
import { round, table } from './table.ts';
import { targetsOf, verdict } from './targets.ts';

/** What of the bench a run is about. */
export interface Measured {
  readonly legs: readonly Leg[];
  readonly singles: readonly Single[];
}

/** The whole run as text. */
export function report(measured: Measured, results: Results): string {
  const { legs, singles } = measured;
  const { plan, machine } = results;
  const stages = table(
    summaryHead,
    results.stages.map(({ stage, ...cost }) => [stage, ...summaryCells(cost, 2)]),
  );
  const targets = table(
    ['', 'leg', 'aim', 'seen', ''],
    targetsOf(measured, results).map((target) => [
      target.what,
      target.leg,
      `${target.atLeast ? 'at least' : 'at most'} ${target.aim} ${target.unit}`,
      round(target.seen, target.unit.startsWith('×') || target.unit === 's' ? 2 : 0),
      verdict(target),
    ]),
  );
  const ofSingles = singles
    .flatMap(({ id, what, unit }) => {
      const result = results.singles[id];
      return result === undefined ? [] : [`${what}: ${round(result.seen, 2)} ${unit} (${result.note})`];
    })
    .join('\n');
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}, load ${machine.load}.`,
    `Warm-up ${plan.warmUp} calls each; a list has ${plan.tools} tools.`,
    ...legs.flatMap((leg) => {
      const result = results.legs[leg.id];
      return result === undefined ? [] : [reportLeg(leg, result, plan)];
    }),
    ...(ofSingles === '' ? [] : [`## What a person waits for\n\n${ofSingles}`]),
    `## Stages of one call, in process, µs\n\n${stages}`,
    `## Targets\n\n${targets}`,
    '',
  ].join('\n\n');
}
