import { runSeed } from '../resources/seeded-random.ts';
import { coldStart } from './cold-start.ts';
import type { Leg, Stage } from './leg.ts';
import { closedLoop, type MeasuredKind, oneByOne, openLoop, requests } from './load.ts';
import type { Plan } from './plan.ts';
import { costIsKnown, cpuMicroseconds, ownProcesses, residentMebibytes } from './process-cost.ts';
import type { Latency, LegResult, SubjectResult, SweepLog } from './results.ts';
import { median, type Summary, shuffled, spread, summarize } from './statistics.ts';
import { closeAll, type Live, openAll, type PerSubject, rest, shownBy, sweeper } from './sweeps.ts';

async function coldStarts(stage: Stage, count: number): Promise<PerSubject<number[]>> {
  const started = [...stage.subjects, ...stage.startedOnly];
  const values = new Map<string, number[]>(started.map(({ id }) => [id, []]));
  // One round more than is kept: the first reads the programs from the disk.
  for (let round = -1; round < count; round++) {
    for (const subject of shuffled(started, Math.random)) {
      const tookMs = await coldStart(subject);
      if (round >= 0) shownBy(values, subject.id).push(tookMs);
    }
  }
  return values;
}

/** What a subject's process costs; nothing where there is none or the system does not tell. */
interface Cost {
  readonly pids: readonly number[];
  readonly idleMebibytes: number;
  loadedMebibytes: number;
  readonly cpuPerCall: number[];
}

function costOf({ client }: Live): Cost {
  const pids = costIsKnown && client.pid !== undefined ? ownProcesses(client.pid) : [];
  const resident = residentMebibytes(pids);
  return { pids, idleMebibytes: resident, loadedMebibytes: resident, cpuPerCall: [] };
}

/** What the sweeps over the living subjects showed. */
interface Swept {
  readonly latencies: ReadonlyMap<MeasuredKind, readonly PerSubject<number[]>[]>;
  readonly loops: ReadonlyMap<number, readonly PerSubject<number>[]>;
  readonly open: readonly PerSubject<number[]>[];
  readonly costs: PerSubject<Cost>;
}

type Sweep = ReturnType<typeof sweeper>;

async function oneAfterAnother(
  { alsoMeasured }: Leg,
  plan: Plan,
  costs: PerSubject<Cost>,
  sweep: Sweep,
): Promise<Swept['latencies']> {
  const latencies = new Map<MeasuredKind, readonly PerSubject<number[]>[]>();
  const calls = await sweep(plan.sweeps, async ({ subject, client }) => {
    const { pids, cpuPerCall } = shownBy(costs, subject.id);
    const before = cpuMicroseconds(pids);
    const { latencies: values, sent } = await oneByOne(client, requests.call, plan.perBlock);
    cpuPerCall.push((cpuMicroseconds(pids) - before) / sent);
    return values;
  });
  latencies.set('call', calls);
  for (const kind of alsoMeasured) {
    const block = async ({ client }: Live) =>
      (await oneByOne(client, requests[kind], plan.perBlock)).latencies;
    latencies.set(kind, await sweep(Math.ceil(plan.sweeps / 2), block));
  }
  return latencies;
}

async function manyAtOnce(plan: Plan, sweep: Sweep): Promise<Swept['loops']> {
  const loops = new Map<number, readonly PerSubject<number>[]>();
  for (const inFlight of plan.inFlight) {
    await sweep(1, ({ client }) => closedLoop(client, inFlight, plan.loopMs / 2));
    const block = ({ client }: Live) => closedLoop(client, inFlight, plan.loopMs);
    loops.set(inFlight, await sweep(plan.loopSweeps, block));
  }
  return loops;
}

async function sweepAll(leg: Leg, stage: Stage, plan: Plan, log: SweepLog, say: Say): Promise<Swept> {
  const live = await openAll(stage);
  try {
    await rest(1000);
    const costs = new Map(live.map((each) => [each.subject.id, costOf(each)]));
    const sweep = sweeper({ live, pids: stage.pids, log, seed: runSeed(), repeats: plan.repeats });
    say('warm-up');
    for (const { client } of live) await oneByOne(client, requests.call, plan.warmUp);
    say('one call after another');
    const latencies = await oneAfterAnother(leg, plan, costs, sweep);
    say('many at once');
    const loops = await manyAtOnce(plan, sweep);
    if (leg.hasOpenLoop) say('a fixed schedule');
    const open = leg.hasOpenLoop
      ? await sweep(1, ({ client }) => openLoop(client, plan.openRate, plan.openMs))
      : [];
    for (const cost of costs.values()) cost.loadedMebibytes = residentMebibytes(cost.pids);
    return { latencies, loops, open, costs };
  } finally {
    await closeAll(live);
  }
}

/** A subject's latencies with what it added over the baseline, and that over what the reference added. */
function latencyOf(leg: Leg, id: string, sweeps: readonly PerSubject<number[]>[]): Latency {
  const over = (sweep: PerSubject<number[]>, other: string): number =>
    median(shownBy(sweep, other)) - median(shownBy(sweep, leg.baseline));
  return {
    ...summarize(sweeps.flatMap((sweep) => shownBy(sweep, id))),
    added: spread(sweeps.map((sweep) => over(sweep, id))),
    ratio: spread(sweeps.map((sweep) => over(sweep, id) / over(sweep, leg.reference.id))),
  };
}

type Say = (text: string) => void;

/** Everything of one leg in one run: every comparison is between values of the same sweep. */
export async function measureLeg(leg: Leg, plan: Plan, say: Say): Promise<LegResult> {
  await using stage = await leg.setStage(plan.tools);
  const log: SweepLog = { kept: 0, repeated: 0, worstForeign: 0 };
  say('cold starts');
  const cold = await coldStarts(stage, plan.coldStarts);
  const { latencies, loops, open, costs } = await sweepAll(leg, stage, plan, log, say);

  const startOf = (id: string): { readonly coldMs: Summary; readonly addedColdMs: number } => ({
    coldMs: summarize(shownBy(cold, id)),
    addedColdMs: median(shownBy(cold, id)) - median(shownBy(cold, leg.baseline)),
  });
  const costsOf = (id: string): Partial<SubjectResult> => {
    const { pids, cpuPerCall, idleMebibytes, loadedMebibytes } = shownBy(costs, id);
    if (pids.length === 0 || id === leg.baseline) return {};
    return { cpuPerCall: median(cpuPerCall), idleMebibytes, loadedMebibytes };
  };
  const resultOf = (id: string, label: string): SubjectResult => {
    const measured = [...latencies].map(([kind, sweeps]) => [kind, latencyOf(leg, id, sweeps)] as const);
    return {
      label,
      ...(Object.fromEntries(measured) as Partial<Record<MeasuredKind, Latency>> &
        Pick<SubjectResult, 'call'>),
      callsPerSecond: Object.fromEntries(
        [...loops].map(([inFlight, sweeps]) => [
          inFlight,
          median(sweeps.map((values) => shownBy(values, id))),
        ]),
      ),
      ...(leg.hasOpenLoop ? { open: summarize(open.flatMap((values) => shownBy(values, id))) } : {}),
      ...startOf(id),
      ...costsOf(id),
    };
  };
  return {
    sweeps: log,
    subjects: Object.fromEntries(stage.subjects.map(({ id, label }) => [id, resultOf(id, label)])),
    startedOnly: Object.fromEntries(
      stage.startedOnly.map(({ id, label }) => [id, { label, ...startOf(id) }]),
    ),
  };
}
