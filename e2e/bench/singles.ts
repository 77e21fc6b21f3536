import { measureAnswer } from './answer-measure.ts';
import { measureReplay } from './replay-measure.ts';
import type { SingleResult } from './results.ts';

/** Something a person waits for, measured in itself: there is no other program to put it beside. */
export interface Single {
  readonly id: 'answer' | 'replay';
  readonly what: string;
  /** At most so much of the unit. */
  readonly aim: number;
  readonly unit: string;
  /** `quick`: to see that it runs. */
  measure(quick: boolean): Promise<SingleResult>;
}

const answerSingle: Single = {
  id: 'answer',
  what: 'from the click on "Approve once" to the backend',
  aim: 20,
  unit: 'ms',
  measure: async (quick) => {
    const { n, median, p95 } = await measureAnswer(quick ? 3 : 31);
    return { seen: median, note: `median of ${n} in a real browser; p95 ${p95.toFixed(1)} ms` };
  },
};

const replaySingle: Single = {
  id: 'replay',
  what: 'replay of 100,000 calls, 100 rules',
  aim: 5,
  unit: 's',
  measure: async (quick) => {
    const { calls, rules, tookMs, progressSteps, unknown } = await measureReplay(
      quick ? 2_000 : 100_000,
      100,
    );
    if (progressSteps === 0) throw new Error('The replay did not say how far it was.');
    const note = `${calls} calls, ${rules} rules, ${unknown} unknown; said ${progressSteps} times how far it was`;
    return { seen: tookMs / 1000, note };
  },
};

export const allSingles: readonly Single[] = [answerSingle, replaySingle];
