import { homedir } from 'node:os';
import type { ReplayProgress } from '@mcp-acp/admin/replay/replay-policy';
import { AcpError } from '@mcp-acp/shared/errors';
import type { Cli } from '../../cli.ts';
import type { Input, OptionSpec } from '../../command-spec.ts';

export const daysOption: OptionSpec = {
  flags: '--days <number>',
  description: 'how many days back to look (default 30)',
};

/** Throws AcpError('usage'). */
function typedDays(input: Input): number {
  const typed = input.option('days') ?? '30';
  const days = Number(typed);
  if (/^[0-9.]{1,8}$/.test(typed) && days > 0 && days <= 3650) return days;
  throw new AcpError('usage', `"${typed}" is no number of days.`, { fix: 'For example: --days 7' });
}

/** What every piece of work over the past is given. */
export const pastOf = (cli: Cli, proxy: string, input: Input) => ({
  paths: cli.paths(),
  proxy,
  days: typedDays(input),
  home: cli.env.HOME || homedir(),
  now: Date.now(),
});

/** How often it is said how far it is. Milliseconds. */
const sayMs = 250;

/** Runs it to its result, saying on a terminal how far it is. */
export async function toItsResult<Step extends { readonly type: string }>(
  cli: Cli,
  steps: AsyncIterable<Step | ReplayProgress>,
): Promise<{ readonly result: Step; readonly progressSteps: number }> {
  const shows = process.stderr.isTTY === true && !cli.json;
  let result: Step | undefined;
  let progressSteps = 0;
  let saidMs = performance.now();
  for await (const step of steps) {
    if (step.type !== 'progress') {
      result = step as Step;
      continue;
    }
    progressSteps++;
    const { doneBytes, totalBytes, doneCalls } = step as ReplayProgress;
    if (!shows || performance.now() - saidMs < sayMs) continue;
    saidMs = performance.now();
    const percent = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
    process.stderr.write(`\r${percent} %, ${doneCalls} calls`);
  }
  if (shows) process.stderr.write('\r\u001b[K');
  if (result === undefined) throw new AcpError('internal', 'It ended without a result.');
  return { result, progressSteps };
}
