import type { Aim } from './aims.ts';
import type { MeasuredKind } from './load.ts';
import type { TimedClient } from './timed-client.ts';

/** Something to put between the client and the backend, or nothing. */
export interface Subject {
  readonly id: string;
  readonly label: string;
  /** A new client of it, in a process of its own where there is one. */
  connect(): TimedClient;
}

/** What a leg needs while it is measured. */
export interface Stage extends AsyncDisposable {
  readonly subjects: readonly Subject[];
  /** Of these only the start is measured. */
  readonly startedOnly: readonly Subject[];
  /** Processes that run for all subjects; they are ours, not others that disturb. */
  readonly pids: readonly number[];
}

/** One way from a client to a backend, and what is measured on it. */
export interface Leg {
  readonly id: 'stdio' | 'http';
  readonly title: string;
  /** The subject with nothing in the middle. What the others take beyond it is what they add. */
  readonly baseline: string;
  /** The least that can be in the middle: what it adds is the unit of the ratios. */
  readonly reference: { readonly id: string; readonly name: string };
  /** Measured beside `call`, which every leg measures. */
  readonly alsoMeasured: readonly Exclude<MeasuredKind, 'call'>[];
  readonly hasOpenLoop: boolean;
  readonly aims: readonly Aim[];
  setStage(tools: number): Promise<Stage>;
}
