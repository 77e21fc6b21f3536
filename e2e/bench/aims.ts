import { type LegResult, type SubjectResult, subjectOf } from './results.ts';

/** What is aimed for on a leg, in relation to its reference in the same run. */
export interface Aim {
  readonly what: string;
  readonly aim: number;
  readonly atLeast?: true;
  /** `×` of what the reference adds, `%` of what it does, `MB` more than it takes. */
  readonly unit: '×' | '%' | 'MB';
  /** NaN where the system does not tell. */
  seen(result: LegResult, reference: string): number;
}

type Ours = 'flush' | 'sync';

export const addedToCall = (subject: Ours, aim: number): Aim => ({
  what: `added to a call, ${subject}`,
  aim,
  unit: '×',
  seen: (result) => subjectOf(result, subject).call.ratio.median,
});

export const throughput = (subject: Ours, inFlight: number, aim: number): Aim => ({
  what: `calls/s with ${inFlight} in flight, ${subject}`,
  aim,
  atLeast: true,
  unit: '%',
  seen: (result, reference) => {
    const rate = (of: SubjectResult): number => of.callsPerSecond[String(inFlight)] ?? Number.NaN;
    return (100 * rate(subjectOf(result, subject))) / rate(subjectOf(result, reference));
  },
});

export const addedColdStart = (subject: Ours, aim: number): Aim => ({
  what: `added cold start, ${subject}`,
  aim,
  unit: '×',
  seen: (result, reference) =>
    subjectOf(result, subject).addedColdMs / subjectOf(result, reference).addedColdMs,
});

export const idleMemory = (subject: Ours, aim: number): Aim => ({
  what: `resident memory, idle, ${subject}`,
  aim,
  unit: 'MB',
  seen: (result, reference) => {
    const idle = (id: string): number => subjectOf(result, id).idleMebibytes ?? Number.NaN;
    return idle(subject) - idle(reference);
  },
});
