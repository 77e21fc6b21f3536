import type { Check } from './checks.ts';
import type { LeftOut } from './client-way.ts';
import { type Count, countOf, type Difference, losses } from './compare.ts';
import type { InstalledSuite } from './installed-suite.ts';
import type { Leg, Way } from './legs.ts';
import { oneOf, requiredBy, runSuite } from './run-suite.ts';

/** One leg at one revision, on every way. */
export interface LegResult {
  readonly leg: Leg['name'];
  readonly revision: string;
  readonly counts: Readonly<Partial<Record<Way, Count>>>;
  /** What the proxy loses against the direct run, twice. Empty where it is transparent. */
  readonly lost: readonly Difference[];
  /** What it lost the first time and kept the second. */
  readonly unsteady: readonly Difference[];
  /** What the bridge alone loses against the fixture's own HTTP. */
  readonly lostByBridge: readonly Difference[];
  readonly leftOut: readonly LeftOut[];
}

export interface Asked {
  readonly suite: InstalledSuite;
  readonly leg: Leg;
  readonly revision: string;
  /** Only these scenarios. */
  readonly scenarios?: readonly string[];
  readonly say: (text: string) => void;
}

export async function measure(asked: Asked): Promise<LegResult> {
  const { suite, leg, revision } = asked;
  const selection = asked.scenarios === undefined ? await leg.scenarios?.(suite, revision) : undefined;
  const scenarios = asked.scenarios ?? selection?.run;
  const checks = new Map<Way, readonly Check[]>();
  for (const way of leg.ways) checks.set(way, await runWay(asked, way, scenarios));
  const of = (way: Way): readonly Check[] => checks.get(way) ?? [];

  const once = losses(of('direct'), of('proxied'));
  const again = await repeated(asked, once, of('proxied'));
  const lost = losses(of('direct'), again);
  const kept = new Set(lost.map(({ check }) => check));
  return {
    leg: leg.name,
    revision,
    counts: Object.fromEntries(leg.ways.map((way) => [way, countOf(way === 'proxied' ? again : of(way))])),
    lost,
    unsteady: once.filter(({ check }) => !kept.has(check)),
    lostByBridge: leg.ways.includes('plain') ? losses(of('plain'), of('direct')) : [],
    leftOut: selection?.left ?? [],
  };
}

/**
 * Some scenarios wait for half a second and then judge. On a machine that is busy with something else they can fail for
 * that alone, so what seems to be lost is asked for once more; both results are told.
 */
async function repeated(
  asked: Asked,
  once: readonly Difference[],
  first: readonly Check[],
): Promise<readonly Check[]> {
  const scenarios = [...new Set(once.map(({ scenario }) => scenario))];
  if (scenarios.length === 0) return first;
  const second = await runWay(asked, 'proxied', scenarios);
  return [...first.filter(({ scenario }) => !scenarios.includes(scenario)), ...second];
}

async function runWay(
  { suite, leg, revision, say }: Asked,
  way: Way,
  scenarios: readonly string[] | undefined,
): Promise<readonly Check[]> {
  await using open = await leg.open(way);
  const run = (selection: readonly string[]): Promise<readonly Check[]> =>
    runSuite(suite, {
      mode: leg.mode,
      target: open.target,
      selection,
      onScenario: (scenario) => say(`${revision} ${leg.name}, ${way}: ${scenario}`),
    });
  // Awaited here: what is open is closed when this function returns.
  if (scenarios === undefined) return await run(requiredBy(revision));
  const checks: Check[] = [];
  for (const scenario of scenarios) checks.push(...(await run(oneOf(revision, scenario))));
  return checks;
}
