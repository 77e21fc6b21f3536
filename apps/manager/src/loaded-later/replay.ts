import { parentPort, workerData } from 'node:worker_threads';
import { AcpError } from '@mcp-acp/shared/errors';
import { runPastWork } from '../policy-work/past-work.ts';
import type { FromPastWorker, PastWork } from '../policy-work/past-work-messages.ts';

/**
 * A thread of its own for reading the past: the manager goes on with what it does meanwhile. It is given one piece of work
 * and ends with it; whoever started it may end it at any time, since it changes nothing.
 */
async function work(): Promise<void> {
  const tell = (message: FromPastWorker): void => parentPort?.postMessage(message);
  try {
    for await (const step of runPastWork(workerData as PastWork, new AbortController().signal)) {
      tell({ type: 'step', step });
    }
    tell({ type: 'done' });
  } catch (error) {
    if (!(error instanceof AcpError)) throw error;
    const { code, message, fix, position } = error;
    tell({
      type: 'failed',
      code,
      message,
      ...(fix === undefined ? {} : { fix }),
      ...(position === undefined ? {} : { position }),
    });
  }
}

void work();
