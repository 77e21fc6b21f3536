import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AcpError } from '@mcp-acp/shared/errors';
import { runPastWork } from './past-work.ts';
import type { FromPastWorker, PastStep, PastWork } from './past-work-messages.ts';

/** Beside the bundle this file is built into; where sources run there is none. */
const workerFile = join(__dirname, 'replay.cjs');

/**
 * Does work over the past in a thread of its own, so that the manager goes on with everything else; in this thread, in
 * slices, where the program is not built. Ends with the signal. Throws what `runPastWork` throws.
 */
export function doPastWork(work: PastWork, signal: AbortSignal): AsyncIterable<PastStep> {
  return existsSync(workerFile) ? inThread(work, signal) : runPastWork(work, signal);
}

/**
 * A heap of its own with a bound: what it holds does not grow with the journal. Nearly all of it lives for one record, so a
 * larger young generation spares work.
 */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };

async function* inThread(work: PastWork, signal: AbortSignal): AsyncGenerator<PastStep> {
  if (signal.aborted) return;
  const worker = new Worker(workerFile, { workerData: work, resourceLimits });
  const told: FromPastWorker[] = [];
  let ring = (): void => undefined;
  let broken: Error | undefined;
  let ended = false;
  worker.on('message', (message: FromPastWorker) => {
    const last = told.at(-1);
    // Who reads slowly needs only the latest progress.
    if (isProgress(message) && last !== undefined && isProgress(last)) told.pop();
    told.push(message);
    ring();
  });
  worker.on('error', (error) => {
    broken = error;
    ring();
  });
  worker.on('exit', () => {
    ended = true;
    ring();
  });
  const abort = (): void => ring();
  signal.addEventListener('abort', abort);
  try {
    while (!signal.aborted) {
      const message = told.shift();
      if (message === undefined) {
        if (broken !== undefined) throw new AcpError('internal', broken.message, { cause: broken });
        if (ended) throw new AcpError('internal', 'The thread that reads the past ended before its result.');
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
      } else if (message.type === 'step') yield message.step;
      else if (message.type === 'done') return;
      else throw failureOf(message);
    }
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

const isProgress = (message: FromPastWorker): boolean =>
  message.type === 'step' && message.step.type === 'progress';

function failureOf({ code, message, fix, position }: Extract<FromPastWorker, { type: 'failed' }>): AcpError {
  return new AcpError(code, message, {
    ...(fix === undefined ? {} : { fix }),
    ...(position === undefined ? {} : { position }),
  });
}
