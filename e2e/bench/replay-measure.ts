import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { binary } from '../resources/fixtures.ts';
import { TempHome } from '../resources/temp-home.ts';
import { replayCandidate, writeReplayPast } from './replay-past.ts';

export interface MeasuredReplay {
  readonly calls: number;
  readonly rules: number;
  /** Of the replay alone, without starting the program. Milliseconds. */
  readonly tookMs: number;
  /** How often it said how far it is. */
  readonly progressSteps: number;
  readonly unknown: number;
}

/** A policy of 100 rules over 100,000 recorded calls, by the built program. */
export async function measureReplay(calls = 100_000, rules = 100): Promise<MeasuredReplay> {
  await using home = new TempHome('acp-replay-');
  const proxy = await writeReplayPast(home, calls);
  const file = join(home.base, 'candidate.yaml');
  writeFileSync(file, replayCandidate(rules));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [binary, 'policy', 'replay', '--proxy', proxy, '--file', file, '--days', '30', '--json'],
    { env: home.env, maxBuffer: 64 * 1024 * 1024 },
  );
  const seen = JSON.parse(stdout) as Omit<MeasuredReplay, 'rules'>;
  if (seen.calls !== calls) throw new Error(`${seen.calls} calls were replayed instead of ${calls}`);
  const { tookMs, progressSteps, unknown } = seen;
  return { calls, rules, tookMs, progressSteps, unknown };
}
