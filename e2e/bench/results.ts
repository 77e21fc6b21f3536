import type { MeasuredKind } from './load.ts';
import type { Plan } from './plan.ts';
import type { StageCost } from './stages.ts';
import type { Spread, Summary } from './statistics.ts';

export interface Latency extends Summary {
  /** Microseconds over the leg's baseline, paired by sweep. */
  readonly added: Spread;
  /** Those over what the leg's reference added in the same sweep. */
  readonly ratio: Spread;
}

/** What one subject showed; `pathCall` and `list` where the leg measures them, memory and CPU where the system tells. */
export interface SubjectResult extends Readonly<Partial<Record<MeasuredKind, Latency>>> {
  readonly label: string;
  readonly call: Latency;
  /** By the number of calls in flight. */
  readonly callsPerSecond: Readonly<Record<string, number>>;
  readonly open?: Summary;
  readonly coldMs: Summary;
  readonly addedColdMs: number;
  readonly cpuPerCall?: number;
  readonly idleMebibytes?: number;
  readonly loadedMebibytes?: number;
}

/** How many sweeps were kept, how many repeated because others used the machine, and how much they used in one kept. */
export interface SweepLog {
  kept: number;
  repeated: number;
  /** Cores. */
  worstForeign: number;
}

export interface LegResult {
  readonly sweeps: SweepLog;
  readonly subjects: Readonly<Record<string, SubjectResult>>;
  /** Subjects of which only the start was measured. */
  readonly startedOnly: Readonly<Record<string, Pick<SubjectResult, 'label' | 'coldMs' | 'addedColdMs'>>>;
}

/** What one thing took, in its unit, and how that was seen. */
export interface SingleResult {
  readonly seen: number;
  readonly note: string;
}

export interface Results {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly plan: Plan;
  /** By the id of the leg. */
  readonly legs: Readonly<Record<string, LegResult>>;
  /** By the id of the single. */
  readonly singles: Readonly<Record<string, SingleResult>>;
  readonly stages: readonly StageCost[];
}

export function subjectOf({ subjects }: LegResult, id: string): SubjectResult {
  const subject = subjects[id];
  if (subject === undefined) throw new Error(`${id} was not measured`);
  return subject;
}
