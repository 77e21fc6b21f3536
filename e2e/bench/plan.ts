/** How much of everything a run measures. */
export interface Plan {
  /** To see that everything runs. */
  readonly quick: boolean;
  readonly sweeps: number;
  /** Sweeps that others disturbed may be repeated so many times for each that is asked for. */
  readonly repeats: number;
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
  quick: false,
  sweeps: 30,
  repeats: 1,
  perBlock: 200,
  warmUp: 1500,
  coldStarts: 20,
  tools: 20,
  loopMs: 500,
  loopSweeps: 4,
  inFlight: [1, 8, 64],
  openRate: 1000,
  openMs: 3000,
  stageSamples: 2000,
};

/** Shows that everything runs; its numbers mean little. */
export const quickPlan: Plan = {
  ...fullPlan,
  quick: true,
  sweeps: 2,
  repeats: 0,
  perBlock: 20,
  warmUp: 20,
  coldStarts: 1,
  loopMs: 50,
  loopSweeps: 1,
  openRate: 200,
  openMs: 200,
  stageSamples: 20,
};
