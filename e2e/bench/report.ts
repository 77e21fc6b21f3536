import type { Leg } from './leg.ts';
import { reportLeg, summaryCells, summaryHead } from './report-leg.ts';
import type { Results } from './results.ts';
import { round, table } from './table.ts';
import { targetsOf, verdict } from './targets.ts';

/** The whole run as text. */
export function report(legs: readonly Leg[], results: Results): string {
  const { plan, machine } = results;
  const stages = table(
    summaryHead,
    results.stages.map(({ stage, ...cost }) => [stage, ...summaryCells(cost, 2)]),
  );
  const targets = table(
    ['', 'leg', 'aim', 'seen', ''],
    targetsOf(legs, results).map((target) => [
      target.what,
      target.leg,
      `${target.atLeast ? 'at least' : 'at most'} ${target.aim} ${target.unit}`,
      round(target.seen, target.unit.startsWith('×') ? 2 : 0),
      verdict(target),
    ]),
  );
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}, load ${machine.load}.`,
    `Warm-up ${plan.warmUp} calls each; a list has ${plan.tools} tools.`,
    ...legs.flatMap((leg) => {
      const result = results.legs[leg.id];
      return result === undefined ? [] : [reportLeg(leg, result, plan)];
    }),
    `## Stages of one call, in process, µs\n\n${stages}`,
    `## Targets\n\n${targets}`,
    '',
  ].join('\n\n');
}
