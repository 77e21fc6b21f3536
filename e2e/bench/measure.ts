import { cpus, loadavg, platform, release } from 'node:os';
import { runSeed } from '../resources/seeded-random.ts';
import { coldStart } from './cold-start.ts';
import { closedLoop, type MeasuredRequest, oneByOne, openLoop, pathCall, typicalCall } from './load.ts';
import { costIsKnown, cpuMicroseconds, ownProcesses, residentMebibytes } from './process-cost.ts';
import { type StageCost, stageCosts } from './stages.ts';
import { median, type Spread, type Summary, shuffled, spread, summarize } from './statistics.ts';
import { type Stage, type Subject, setStage } from './subjects.ts';
import { closeAll, type Live, openAll, rest, type SweepLog, sweeper } from './sweeps.ts';

export interface Plan {
  readonly sweeps: number;
  readonly perBlock: number;
  readonly warmUp: number;
  readonly coldStarts: number;
  readonly tools: number;
  readonly loopMs: number;
  readonly loopSweeps: number;
  readonly inFlight: readonly number[];
  readonly openRate: number;
  readonly openMs: number;
  readonly stageSamples: number;
}

export const fullPlan: Plan = {
  sweeps: 30,
  perBlock: 200,
  warmUp: 1500,
  coldStarts: 20,
  tools: 20,
  loopMs: 500,
  loopSweeps: 6,
  inFlight: [1, 8, 64],
  openRate: 1000,
  openMs: 3000,
  stageSamples: 2000,
};

/** Shows that everything runs; its numbers mean little. */
export const quickPlan: Plan = {
  ...fullPlan,
  sweeps: 2,
  perBlock: 20,
  warmUp: 20,
  coldStarts: 1,
  loopMs: 50,
  loopSweeps: 1,
  openRate: 200,
  openMs: 200,
  stageSamples: 20,
};

interface Latency extends Summary {
  /** Microseconds over direct, paired by sweep. */
  readonly added: Spread;
  /** Those over what the bare pipe added in the same sweep. */
  readonly ratio: Spread;
}

export interface SubjectResult {
  readonly label: string;
  readonly call: Latency;
  readonly pathCall: Latency;
  readonly list: Latency;
  readonly callsPerSecond: Readonly<Record<string, number>>;
  readonly open: Summary;
  readonly coldMs: Summary;
  readonly addedColdMs: number;
  readonly cpuPerCall?: number;
  readonly idleMebibytes?: number;
  readonly loadedMebibytes?: number;
}

export interface Results {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly plan: Plan;
  readonly sweeps: SweepLog;
  readonly subjects: Readonly<Record<Exclude<Subject['id'], 'many-rules'>, SubjectResult>>;
  readonly coldWithManyRulesMs: Summary;
  readonly stages: readonly StageCost[];
}

type PerSubject<Value> = ReadonlyMap<Subject['id'], Value>;
type Say = (text: string) => void;

const of = <Value>(values: PerSubject<Value>, id: Subject['id']): Value => {
  const value = values.get(id);
  if (value === undefined) throw new Error(`${id} was not measured`);
  return value;
};

function latencyOf(id: Subject['id'], sweeps: readonly PerSubject<number[]>[]): Latency {
  const over = (sweep: PerSubject<number[]>, other: Subject['id']): number =>
    median(of(sweep, other)) - median(of(sweep, 'direct'));
  return {
    ...summarize(sweeps.flatMap((sweep) => of(sweep, id))),
    added: spread(sweeps.map((sweep) => over(sweep, id))),
    ratio: spread(sweeps.map((sweep) => over(sweep, id) / over(sweep, 'pipe'))),
  };
}

async function coldStarts(stage: Stage, count: number, random: () => number): Promise<PerSubject<number[]>> {
  const started = [...stage.subjects, stage.manyRules];
  const values = new Map<Subject['id'], number[]>(started.map(({ id }) => [id, []]));
  // One round more than is kept: the first reads the programs from the disk.
  for (let round = -1; round < count; round++) {
    for (const subject of shuffled(started, random)) {
      const took = await coldStart(subject, stage.env);
      if (round >= 0) of(values, subject.id).push(took);
    }
  }
  return values;
}

interface Cost {
  idle: number;
  loaded: number;
  cpu: number[];
}

/** Everything in one run: every comparison is between values of the same sweep. */
export async function measure(plan: Plan, say: Say): Promise<Results> {
  const seed = runSeed();
  await using stage = setStage(plan.tools);
  const log: SweepLog = { kept: 0, repeated: 0, worstForeign: 0 };

  say('cold starts');
  const cold = await coldStarts(stage, plan.coldStarts, Math.random);
  const live = await openAll(stage);
  try {
    await rest(1000);
    const costs = new Map<Subject['id'], Cost>();
    for (const { subject, client } of live) {
      const idle = costIsKnown ? residentMebibytes(ownProcesses(client.pid)) : Number.NaN;
      costs.set(subject.id, { idle, loaded: Number.NaN, cpu: [] });
    }
    const sweep = sweeper(live, log, seed);
    const call = { method: 'tools/call', params: typicalCall };
    const latencies = (request: MeasuredRequest) => (each: Live) =>
      oneByOne(each.client, request, plan.perBlock);

    say('warm-up');
    for (const { client } of live) await oneByOne(client, call, plan.warmUp);
    say('one call after another');
    const calls = await sweep(plan.sweeps, async (each) => {
      const pids = costIsKnown ? ownProcesses(each.client.pid) : [];
      const before = cpuMicroseconds(pids);
      const values = await latencies(call)(each);
      of(costs, each.subject.id).cpu.push((cpuMicroseconds(pids) - before) / (plan.perBlock + 10));
      return values;
    });
    const half = Math.ceil(plan.sweeps / 2);
    const pathCalls = await sweep(half, latencies({ method: 'tools/call', params: pathCall }));
    const lists = await sweep(half, latencies({ method: 'tools/list', params: {} }));
    say('many at once');
    const loops = new Map<number, readonly PerSubject<number>[]>();
    for (const inFlight of plan.inFlight) {
      await sweep(1, ({ client }) => closedLoop(client, inFlight, plan.loopMs / 2));
      loops.set(
        inFlight,
        await sweep(plan.loopSweeps, ({ client }) => closedLoop(client, inFlight, plan.loopMs)),
      );
    }
    say('a fixed schedule');
    const open = await sweep(1, ({ client }) => openLoop(client, plan.openRate, plan.openMs));
    for (const { subject, client } of live) {
      if (costIsKnown) of(costs, subject.id).loaded = residentMebibytes(ownProcesses(client.pid));
    }
    say('stages in process');
    const stages = stageCosts(stage.folder, plan.stageSamples);

    const resultOf = ({ id, label }: Subject): SubjectResult => {
      const cost = of(costs, id);
      return {
        label,
        call: latencyOf(id, calls),
        pathCall: latencyOf(id, pathCalls),
        list: latencyOf(id, lists),
        callsPerSecond: Object.fromEntries(
          [...loops].map(([inFlight, sweeps]) => [inFlight, median(sweeps.map((values) => of(values, id)))]),
        ),
        open: summarize(open.flatMap((values) => of(values, id))),
        coldMs: summarize(of(cold, id)),
        addedColdMs: median(of(cold, id)) - median(of(cold, 'direct')),
        ...(costIsKnown && id !== 'direct'
          ? { cpuPerCall: median(cost.cpu), idleMebibytes: cost.idle, loadedMebibytes: cost.loaded }
          : {}),
      };
    };
    return {
      machine: machine(),
      plan,
      sweeps: log,
      subjects: Object.fromEntries(
        stage.subjects.map((subject) => [subject.id, resultOf(subject)]),
      ) as unknown as Results['subjects'],
      coldWithManyRulesMs: summarize(of(cold, 'many-rules')),
      stages,
    };
  } finally {
    await closeAll(live);
  }
}

const machine = (): Results['machine'] => ({
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  system: `${platform()} ${release()}`,
  node: process.version,
  load: loadavg()[0]?.toFixed(2) ?? '',
});
