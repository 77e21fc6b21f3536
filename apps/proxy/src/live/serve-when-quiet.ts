import type { EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import { pause } from '../pause.ts';

/** The earliest moment, how often it is looked again, and how long a client may keep us waiting. Milliseconds. */
const afterStartMs = 250;
const lookMs = 50;
const latestMs = 3_000;

export interface QuietOptions {
  readonly point: Pick<EnforcementPoint, 'hasAnswered' | 'counts'>;
  /** The instance ends. */
  readonly signal: AbortSignal;
}

/**
 * Runs `serve` once the start is over, the client has had its first answer and waits for none, since what is loaded for it
 * takes the thread for a while; at once where a person has to be asked. Settles when `serve` has, which fails alone.
 */
export async function serveWhenQuiet(
  { point, signal }: QuietOptions,
  serve: () => Promise<void>,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < afterStartMs && point.counts().pending === 0; waitedMs += lookMs)
    await pause(lookMs, signal);
  for (let waitedMs = afterStartMs; waitedMs < latestMs && !signal.aborted; waitedMs += lookMs) {
    const { inFlight, pending } = point.counts();
    if (pending > 0 || (point.hasAnswered() && inFlight === 0)) break;
    await pause(lookMs, signal);
  }
  if (signal.aborted) return;
  try {
    await serve();
  } catch (error) {
    process.stderr.write(`mcp-acp: live state: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
