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
 * Runs `serve` once the start is over, the client has had its first answer and waits for none: what is loaded for it
 * takes the thread for a while. Settles when `serve` has, which fails alone.
 */
export async function serveWhenQuiet(
  { point, signal }: QuietOptions,
  serve: () => Promise<void>,
): Promise<void> {
  await pause(afterStartMs, signal);
  for (let waitedMs = afterStartMs; waitedMs < latestMs && !signal.aborted; waitedMs += lookMs) {
    if (point.hasAnswered() && point.counts().inFlight === 0) break;
    await pause(lookMs, signal);
  }
  if (signal.aborted) return;
  try {
    await serve();
  } catch (error) {
    process.stderr.write(`mcp-acp: live state: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
