import { treeOf } from '../resources/process-table.ts';
import { seededRandom } from '../resources/seeded-random.ts';
import type { Stage, Subject } from './leg.ts';
import { costIsKnown, cpuMicroseconds, machineMicroseconds } from './process-cost.ts';
import type { SweepLog } from './results.ts';
import { shuffled } from './statistics.ts';
import type { TimedClient } from './timed-client.ts';

/** A subject that runs, all of them at once, each with a client of its own. */
export interface Live {
  readonly subject: Subject;
  readonly client: TimedClient;
}

export async function openAll(stage: Stage): Promise<readonly Live[]> {
  const live: Live[] = [];
  try {
    for (const subject of stage.subjects) {
      const client = subject.connect();
      live.push({ subject, client });
      await client.initialize();
      await client.request('tools/list', {});
    }
    return live;
  } catch (error) {
    await closeAll(live);
    throw error;
  }
}

export const closeAll = (live: readonly Live[]): Promise<unknown> =>
  Promise.all(live.map(({ client }) => client.close()));

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Cores that processes other than ours may use during a sweep before it is thrown away and repeated. */
const foreignLimit = 0.3;

/** What each subject showed in one sweep, by its id. */
export type PerSubject<Value> = ReadonlyMap<Subject['id'], Value>;

export function shownBy<Value>(values: PerSubject<Value>, id: Subject['id']): Value {
  const value = values.get(id);
  if (value === undefined) throw new Error(`${id} was not measured`);
  return value;
}

export interface SweeperParts {
  readonly live: readonly Live[];
  /** Processes of ours that belong to no subject. */
  readonly pids: readonly number[];
  readonly log: SweepLog;
  readonly seed: number;
  /** Sweeps that may be repeated, for each that is asked for. */
  readonly repeats: number;
}

/**
 * Lets the subjects take turns in short blocks, in a new random order each sweep, with a rest before each block so that
 * one subject's compilation and collection does not land in the next one's. Values of one sweep belong together: they
 * met the same state of the machine. A sweep that others disturbed is repeated, while there are repetitions left.
 */
export function sweeper({ live, pids, log, seed, repeats }: SweeperParts) {
  const random = seededRandom(seed);
  const ours = (): number =>
    cpuMicroseconds([
      process.pid,
      ...pids,
      ...live.flatMap(({ client }) => (client.pid === undefined ? [] : treeOf(client.pid))),
    ]);
  return async function sweep<Value>(
    count: number,
    block: (live: Live) => Promise<Value>,
    settleMs = 30,
  ): Promise<readonly PerSubject<Value>[]> {
    const sweeps: PerSubject<Value>[] = [];
    let repeatsLeft = count * repeats;
    while (sweeps.length < count) {
      const values = new Map<Subject['id'], Value>();
      const [startMs, machine, own] = [
        performance.now(),
        costIsKnown ? machineMicroseconds() : 0,
        costIsKnown ? ours() : 0,
      ];
      for (const each of shuffled(live, random)) {
        await rest(settleMs);
        values.set(each.subject.id, await block(each));
      }
      const wallMicroseconds = (performance.now() - startMs) * 1000;
      const foreign = costIsKnown
        ? Math.max(0, machineMicroseconds() - machine - (ours() - own)) / wallMicroseconds
        : 0;
      if (foreign > foreignLimit && repeatsLeft > 0) {
        repeatsLeft--;
        log.repeated++;
        continue;
      }
      log.kept++;
      log.worstForeign = Math.max(log.worstForeign, foreign);
      sweeps.push(values);
    }
    return sweeps;
  };
}
