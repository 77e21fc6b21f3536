import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningManager, startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';
import { replayCandidate, writeReplayPast } from './replay-past.ts';

export interface MeasuredReplay {
  readonly calls: number;
  readonly rules: number;
  /** From the beginning of the replay to its result, as the program says. Milliseconds. */
  readonly tookMs: number;
  /** How often it was heard how far it is. */
  readonly progressSteps: number;
  readonly unknown: number;
}

/** A policy of 100 rules over 100,000 recorded calls, by the built manager, as the dashboard asks for it. */
export async function measureReplay(calls = 100_000, rules = 100): Promise<MeasuredReplay> {
  await using home = new TempHome('acp-replay-');
  const proxy = await writeReplayPast(home, calls);
  await using manager = await startManager(home);
  await untilRead(manager);
  let progressSteps = 0;
  const result = await new Promise<{ calls: number; unknown: number; tookMs: number }>((resolve, reject) => {
    manager.client.api.policies.replay.subscribe(
      { proxy, text: replayCandidate(rules), days: 30 },
      {
        onData: (step) => {
          if (step.type === 'progress') progressSteps++;
          else resolve(step.result);
        },
        onError: reject,
      },
    );
  });
  if (result.calls !== calls) throw new Error(`${result.calls} calls were replayed instead of ${calls}`);
  return { calls, rules, tookMs: result.tookMs, progressSteps, unknown: result.unknown };
}

/** A manager that has just found a long journal reads it for its history: that is measured elsewhere. */
async function untilRead({ client }: RunningManager): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if ((await client.api.history.state.query()).state === 'current') return;
    await sleep(250);
  }
  throw new Error('the history did not become current');
}
