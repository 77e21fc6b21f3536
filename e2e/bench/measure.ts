import { cpus, loadavg, platform, release } from 'node:os';
import { TempHome } from '../resources/temp-home.ts';
import { measureLeg } from './measure-leg.ts';
import type { Plan } from './plan.ts';
import type { Measured } from './report.ts';
import type { LegResult, Results, SingleResult } from './results.ts';
import { stageCosts } from './stages.ts';

/** The legs and the singles, one after the other, and the stages of a call in this process. `say` hears what is being done. */
export async function measure(
  { legs, singles }: Measured,
  plan: Plan,
  say: (text: string) => void,
): Promise<Results> {
  const measured: Record<string, LegResult> = {};
  for (const leg of legs) measured[leg.id] = await measureLeg(leg, plan, (text) => say(`${leg.id}: ${text}`));
  const single: Record<string, SingleResult> = {};
  for (const { id, what, measure } of singles) {
    say(what);
    single[id] = await measure(plan.quick);
  }
  say('stages in process');
  // On the disk that the journals were on.
  await using home = new TempHome();
  const stages = stageCosts(home.base, plan.stageSamples);
  return { machine: machine(), plan, legs: measured, singles: single, stages };
}

const machine = (): Results['machine'] => ({
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  system: `${platform()} ${release()}`,
  node: process.version,
  load: loadavg()[0]?.toFixed(2) ?? '',
});
